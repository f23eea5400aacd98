import ArgumentParser
import Foundation
import Scoring
import Training

/// `herald models rows`: the feature rows a model was trained or measured on.
struct ModelsRowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rows",
        abstract: "Write the feature rows of one part of a model's data set, with outcomes and margins, as CSV.",
        discussion: """
            For notebooks and other tools: a header with the names of the features, then label (1 = delivered) and margin (log-odds before \
            calibration). Nine digits, empty = missing. The data set must be the one that the model was trained on.
            """)

    @Argument(help: "Version in the folder of --models, or path of an artifact's folder.")
    var model: String

    @Argument(help: "CSV files with the attempts that the model was trained on, in the order of time.")
    var attempts: [String]

    @Option(help: "training, validation, calibration or test.")
    var part = FeatureRowTable.Part.test

    @Option(help: "File to write; '-' is standard output.")
    var output: String

    @Option(help: "Folder with the versions.")
    var models = "models"

    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        try await BlockingWork.run { [self] in
            let output = try OutputFile(output)
            let folder = FileManager.default.fileExists(atPath: "\(model)/manifest.json") ? model : "\(models)/\(model)"
            let manifest = try Manifest(json: try Self.contents("\(folder)/manifest.json"))
            var line = StatusLine(progress.style)
            let table = try FeatureRowTable(
                manifest: manifest, model: try Self.contents("\(folder)/\(manifest.modelFile.name)"), dataPaths: attempts, part: part
            ) { rows, share in
                line.show("reading \(Int((share * 100).rounded())) % (\(rows) rows)", ["rows": Double(rows), "share": share])
            }
            line.end()
            try table.write(output.write)
            try output.finish()
        }
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("cannot read '\(path)': name a version in the folder of --models, or an artifact's folder")
        }
        return [UInt8](bytes)
    }
}

extension FeatureRowTable.Part: ExpressibleByArgument {}
