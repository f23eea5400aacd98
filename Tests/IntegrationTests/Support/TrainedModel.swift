import Foundation
import Scoring
import Store

/// A small model, trained once by the program under test on data of its own world.
struct TrainedModel: Sendable {
    /// Folder of the artifact.
    let path: String
    let version: String
    let schema: FeatureSchema

    /// The one model of a test run.
    static func shared() throws -> TrainedModel { try trained.get() }

    private static let trained = Result { try train() }

    private static let folder = FileManager.default.temporaryDirectory
        .appending(path: "herald-model-\(ProcessInfo.processInfo.processIdentifier)").path

    private static func train() throws -> TrainedModel {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // All tests share it, so it goes when the process does.
        atexit { try? FileManager.default.removeItem(atPath: TrainedModel.folder) }
        try run(["simulate", "dataset", "--rows", "20000", "--output", "attempts.csv"], in: folder)
        try run(["train", "--from", "attempts.csv", "--models", ".", "--version", "small", "--trees", "10"], in: folder)
        let path = "\(folder)/small"
        let model = try ArtifactFolder(path).load()
        return TrainedModel(path: path, version: model.version, schema: model.schema)
    }

    private static func run(_ arguments: [String], in folder: String) throws {
        let command = try Command(Herald.path, arguments, environment: Herald.environment, folder: folder)
        let run = try command.run(within: .seconds(120))
        guard run.exitCode == 0 else { throw Failure("\(command): exit code \(run.exitCode)\n\(run.text)") }
    }
}
