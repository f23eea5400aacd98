import ArgumentParser
import Broker
import Foundation
import Scoring
import Store
import Training

/// `herald train`: from logged attempts to a model artifact.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on logged attempts, calibrate it, measure it on the last of them, and write its artifact.")

    @Option(
        parsing: .upToNextOption,
        help: "CSV files with the attempts (columns as in data/README.md), in the order of time; or mongodb: decisions and outcomes.")
    var from: [String]

    @OptionGroup(title: "With --from mongodb") var log: LogOptions
    @OptionGroup(title: "Configuration, for --from mongodb and --challenger") var options: ConfigurationOptions

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

    @OptionGroup var boosting: BoostingOptions

    @Option(help: "CSV file with the true probability of every job (job_id,true_probability), to measure against.")
    var truth: String?

    @Option(help: "Folder of the artifact that is champion now, to compare with on the same rows.")
    var against: String?

    @Option(help: "Resamples behind every 95 % interval; 0 = no intervals.")
    var resamples = 300

    @Flag(help: "Register the new version and make it the challenger; the run is noted in training_runs.")
    var challenger = false

    @OptionGroup var author: AuthorOptions

    @OptionGroup var progress: ProgressOptions

    @Flag(
        help: ArgumentHelp(
            """
            For programs that start it and note the run themselves: it steps aside for others, ends when standard input does, and writes \
            its tables to standard error.
            """, visibility: .hidden))
    var supervised = false

    func validate() throws {
        guard from != ["mongodb"] || truth == nil else {
            throw ValidationError("--truth names rows of CSV files; in MongoDB a job has a row for each decision on it")
        }
    }

    func run() async throws {
        if supervised { try Supervision.begin() }
        // From files to a folder: that needs no configuration.
        let configuration = from == ["mongodb"] || challenger ? try await options.load() : nil
        let report = try await BlockingWork.run { [self] in
            guard challenger, let configuration, let database = try configuration.registry(in: models).database else {
                return try train(configuration)
            }
            try database.prepare(retentionDays: configuration.database.retentionDays)
            guard !supervised else { return try train(configuration) }
            let journal = TrainingJournal(database, by: author.author, source: from.joined(separator: " "))
            return try journal.follow { try train(configuration, journal) }
        }
        say(TrainingTable(report).text)
        guard challenger, let configuration else { return }
        let change = try await BlockingWork.run { [models, order = author.order()] in
            try configuration.registry(in: models).challenge(report.version, order)
        }
        say(change.text)
    }

    /// Standard output is for progress where another program reads it.
    private func say(_ text: String) {
        if supervised {
            FileHandle.standardError.write(Data((text + "\n").utf8))
        } else {
            print(text)
        }
    }

    private func train(_ settings: HeraldConfiguration?, _ journal: TrainingJournal? = nil) throws -> TrainingReport {
        let now = Timestamp.now
        guard let created = createdAt.map(Timestamp.init(rfc3339:)) ?? now else {
            throw ConfigurationError("--created-at wants a time as in 2026-01-02T03:04:05Z, not '\(createdAt ?? "")'")
        }
        var configuration = TrainingConfiguration(
            source: try from == ["mongodb"] ? settings.map { .decisions(try log.log($0)) } ?? .files(from) : .files(from),
            modelsPath: models, createdAt: created, threads: threads)
        configuration.version = version
        // A promotion compares with the parent, so the manifest must say whom the comparison is with.
        let compared = try against.map { try ArtifactFolder($0).manifest().modelVersion }
        if let parent, let compared, parent != compared {
            throw ConfigurationError(
                "--parent \(parent) and --against \(compared) must be one version: a promotion relies on the comparison with the parent")
        }
        configuration.parentVersion = parent ?? compared
        configuration.seed = modelSeed
        configuration.truthPath = truth
        configuration.championPath = against
        configuration.resamples = resamples
        boosting.apply(to: &configuration)
        var line = StatusLine(progress.style)
        let report = try Trainer(configuration).run { step in
            let status = TrainingStatus(step)
            line.show(status.description, status)
            journal?.report(step)
        }
        line.end()
        return report
    }
}

/// What `herald train` shows while it runs.
struct TrainingStatus: Encodable, CustomStringConvertible {
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
