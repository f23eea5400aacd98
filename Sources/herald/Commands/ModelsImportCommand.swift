import ArgumentParser
import Foundation
import Scoring
import Store
import Training

/// `herald models import`: a model that was trained anywhere becomes the challenger.
struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a native XGBoost or LightGBM model: check it, calibrate and measure it here, and make it the challenger.",
        discussion: """
            The data are divided by time as in training. Train only on rows that an export marks as training or validation: the model is \
            calibrated and measured on the others.
            """)

    @Argument(help: "XGBoost model, JSON or UBJSON, or LightGBM model, text.")
    var file: String

    @Option(
        parsing: .upToNextOption,
        help: "What to calibrate and measure on: mongodb, or CSV files with attempts (columns as in data/README.md), in the order of time.")
    var data: [String]

    @Option(help: "schema.json of the export it was trained on, or another model's manifest or folder (default: that of scoring.model).")
    var schema: String?

    @Option(help: "Version of the model.")
    var version: String

    @Flag(help: "Take features without names for the schema's, in its order.")
    var assumeSchemaOrder = false

    @Option(help: "Folder of the artifact that is champion now, to compare with on the same rows.")
    var against: String?

    @Option(help: "Seed of the calibration's folds and the bootstrap.")
    var modelSeed: UInt32 = 1

    @Option(help: "Resamples behind every 95 % interval; 0 = no intervals.")
    var resamples = 300

    @OptionGroup(title: "With --data mongodb") var log: LogOptions
    @OptionGroup var author: AuthorOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        let configuration = try await registry.configuration.load()
        let report = try await BlockingWork.run { [self] in try importModel(configuration) }
        print(TrainingTable(report).text)
        var order = author.order()
        order.reason = order.reason ?? "imported from \(URL(fileURLWithPath: file).lastPathComponent)"
        try await registry.run { [version, order] in try $0.challenge(version, order) }.show()
    }

    private func importModel(_ configuration: HeraldConfiguration) throws -> TrainingReport {
        guard let schemaPath = schema ?? configuration.scoring.model else {
            throw ConfigurationError("--schema is needed: it names the schema.json of the export that the model was trained on")
        }
        let folder = try configuration.registry().folder.path
        var training = TrainingConfiguration(
            source: data == ["mongodb"] ? .decisions(try log.log(configuration)) : .files(data), modelsPath: folder, createdAt: .now,
            threads: 1)
        training.version = version
        training.championPath = against
        training.seed = modelSeed
        training.resamples = resamples
        let importer = try ModelImporter(
            training, modelPath: file, schema: SchemaFile(schemaPath).schema, assumesOrder: assumeSchemaOrder)
        var line = StatusLine(progress.style)
        let report = try importer.run { step in
            let status = TrainingStatus(step)
            line.show(status.description, status)
        }
        line.end()
        return report
    }
}
