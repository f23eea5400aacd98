import ArgumentParser
import Broker
import Foundation
import Scoring
import Training

/// `herald train`: from logged attempts to a model artifact.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a model on logged attempts, measure it on the last of them, and write its artifact.")

    @Option(help: "CSV file with the attempts (columns as in data/README.md).")
    var from: String

    @Option(help: "Folder that gets the artifact, in a folder named after its version.")
    var models = "models"

    @Option(help: "Version of the model (default: the time, as in 20260102-030405).")
    var version: String?

    @Option(help: "Version it is to replace.")
    var parent: String?

    @Option(help: "Time of creation in the manifest, RFC 3339, for artifacts that are the same byte for byte (default: now).")
    var createdAt: String?

    @Option(help: "Seed; the same data, seed and threads give the same model.")
    var modelSeed: UInt32 = 1

    @Option(help: "Threads; more than one only on idle cores.")
    var threads = 1

    @Option(help: "Most trees the model may have.")
    var trees = 120

    @Flag(help: "Point models/champion at the new version.")
    var champion = false

    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        let report = try await BlockingWork.run { [self] in try train() }
        print(Self.table(report))
    }

    private func train() throws -> TrainingReport {
        let now = Timestamp.now
        guard let created = createdAt.map(Timestamp.init(rfc3339:)) ?? now else {
            throw ConfigurationError("--created-at wants a time as in 2026-01-02T03:04:05Z, not '\(createdAt ?? "")'")
        }
        var configuration = TrainingConfiguration(dataPath: from, modelsPath: models, createdAt: created, threads: threads)
        configuration.version = version
        configuration.parentVersion = parent
        configuration.seed = modelSeed
        configuration.maximumTrees = trees
        var line = StatusLine(progress.style)
        let report = try Trainer(configuration).run { step in
            let status = TrainingStatus(step)
            line.show(status.description, status)
        }
        line.end()
        if champion { try ChampionLink(models: models).point(to: report.version) }
        return report
    }

    private static func table(_ report: TrainingReport) -> String {
        func row(_ name: String, _ model: Double, _ prior: Double) -> String {
            name.padding(toLength: 20, withPad: " ", startingAt: 0) + String(format: "%10.5f %10.5f", model, prior)
        }
        return """
            \(report.path): \(report.treeCount) trees, \(report.countryCount) countries, \(report.providerCount) providers
            rows: \(report.trainingRows) training, \(report.validationRows) validation, \(report.testRows) test, \
            \(report.pendingRows) left out because their outcome is not known yet
            on the test rows          model      prior
            \(row("AUC", report.model.auc, report.prior.auc))
            \(row("log loss [nats]", report.model.logLoss, report.prior.logLoss))
            \(row("Brier score", report.model.brier, report.prior.brier))
            \(row("calibration error", report.model.calibrationError, report.prior.calibrationError))
            """
    }
}

/// What `herald train` shows while it runs.
private struct TrainingStatus: Encodable, CustomStringConvertible {
    let phase: String
    let done: Int
    let share: Double
    let remainingSeconds: Double?
    let validationLogLoss: Double?

    init(_ progress: TrainingProgress) {
        phase = progress.phase.rawValue
        done = progress.done
        share = progress.share
        remainingSeconds = progress.remaining.map { $0 / .seconds(1) }
        validationLogLoss = progress.validationLogLoss
    }

    var description: String {
        let loss = validationLogLoss.map { String(format: "  validation log loss %.5f", $0) } ?? ""
        let rest = remainingSeconds.map { "  \(Int($0.rounded(.up))) s left" } ?? ""
        return "\(phase) \(Int((share * 100).rounded())) % (\(done))\(loss)\(rest)"
    }
}
