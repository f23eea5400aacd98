import ArgumentParser
import Foundation
import Scoring
import Store
import Training

/// `herald export`: decisions with outcomes as CSV, for Spark or Dask.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write decisions with their outcomes and features as partitioned CSV, for tools like Spark and Dask.",
        discussion: """
            FOLDER/rows/part-00000.csv … have one row for each decision whose outcome is known: keys, label, and every feature by name as it \
            stood when the decision was taken. FOLDER/schema.json says what the features mean; FOLDER/_SUCCESS comes last.
            """)

    @Option(help: "Folder to write: one that is not there yet, or empty.")
    var to: String

    @Option(help: "Decisions from this time on, RFC 3339; the same as --since.")
    var from: String?

    @Option(help: "Most rows of a file.")
    var partitionRows = 1_000_000

    @Option(help: "schema.json, manifest or model folder whose features to write (default: scoring.model's; without one, the log's words).")
    var schema: String?

    @OptionGroup var log: LogOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        guard (1...1_000_000_000).contains(partitionRows) else { throw ValidationError("--partition-rows must be 1 to 1000000000") }
        guard from == nil || log.since == nil else { throw ValidationError("--from and --since are the same: give one of them") }
        if let from, Timestamp(rfc3339: from) == nil {
            throw ValidationError("--from wants a time as in 2026-01-02T03:04:05Z, not '\(from)'")
        }
    }

    func run() async throws {
        let configuration = try await options.load()
        let summary = try await BlockingWork.run { [self] in try export(configuration) }
        let leftOut = summary.leftOut
        print(
            """
            \(to): \(summary.rowCount) rows in \(summary.partCount) files, schema \(summary.schemaFingerprint.prefix(12)); \
            \(summary.replayedCount) with features computed again
            left out: \(leftOut.superseded) attempts made otherwise than decided, \(leftOut.unknown) without an outcome, \
            \(leftOut.immature) waited for, \(leftOut.noAttempt) decisions not to attempt
            """)
    }

    private func export(_ configuration: HeraldConfiguration) throws -> DecisionExport.Summary {
        var log = self.log
        log.since = from ?? log.since
        // Before the first model there is no schema but the log's own.
        let model = configuration.scoring.model.flatMap { FileManager.default.fileExists(atPath: "\($0)/manifest.json") ? $0 : nil }
        let schema = try (schema ?? model).map { try SchemaFile($0).schema }
        let export = DecisionExport(try log.log(configuration), schema: schema, partitionRows: partitionRows)
        var line = StatusLine(progress.style)
        let began = ContinuousClock.now
        let summary = try export.run(to: to) { rows, share in
            let status = ExportStatus(rows: rows, share: share, seconds: (ContinuousClock.now - began) / .seconds(1))
            line.show(status.description, status, isLast: share == 1)
        }
        return summary
    }
}

/// How far an export is.
private struct ExportStatus: Encodable, CustomStringConvertible {
    let rows: Int
    let share: Double
    let remainingSeconds: Double?

    init(rows: Int, share: Double, seconds: Double) {
        self.rows = rows
        self.share = share
        remainingSeconds = share > 0 ? seconds * (1 - share) / share : nil
    }

    var description: String {
        let rest = remainingSeconds.map { "  \(Int($0.rounded(.up))) s left" } ?? ""
        return "\(Int((share * 100).rounded())) %  \(rows) rows\(rest)"
    }
}
