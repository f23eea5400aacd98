import ArgumentParser
import Foundation
import Scoring
import Store
import Training

/// What is read of the decisions and outcomes in MongoDB, and how outcomes become labels.
struct LogOptions: ParsableArguments {
    @Option(help: "Decisions from this time on, RFC 3339 (default: from the first).")
    var since: String?

    @Option(help: "What was known at this time, RFC 3339 (default: at the last outcome).")
    var until: String?

    @Option(help: "Seconds after an attempt in which its outcome is waited for; younger decisions are left out.")
    var maturityWindow = 3600.0

    @Option(help: "Seconds that an attempt may be made before or after its plan, and still be the one that was decided.")
    var attemptTolerance = 60.0

    func validate() throws {
        for (name, text) in [("--since", since), ("--until", until)] {
            guard let text, Timestamp(rfc3339: text) == nil else { continue }
            throw ValidationError("\(name) wants a time as in 2026-01-02T03:04:05Z, not '\(text)'")
        }
        guard (1...2_592_000).contains(maturityWindow) else {
            throw ValidationError("--maturity-window must be 1 to 2592000 seconds (30 days)")
        }
        guard (1...3600).contains(attemptTolerance) else { throw ValidationError("--attempt-tolerance must be 1 to 3600 seconds") }
    }

    /// The log of the configured database.
    ///
    /// - Parameter toLastDecision: whether it goes on, where `--until` does not end it, to the last decision instead of the last outcome.
    func log(_ configuration: HeraldConfiguration, toLastDecision: Bool = false) throws -> DecisionLog {
        let database = try configuration.openDatabase()
        _ = try database.ping()
        var selection = selection(retentionDays: configuration.database.retentionDays)
        if toLastDecision, selection.until == nil { selection.until = try database.decisionTimes()?.upperBound }
        return try DecisionLog(database, selection)
    }

    private func selection(retentionDays: Int) -> DecisionLog.Selection {
        var selection = DecisionLog.Selection()
        selection.from = since.flatMap(Timestamp.init(rfc3339:))
        selection.until = until.flatMap(Timestamp.init(rfc3339:))
        // The server deletes what is older while it is read; a quarter of a day is longer than any walk.
        selection.keptSince = .now + -(Int64(retentionDays) * 86_400_000 - 21_600_000)
        selection.rule = LabelRule(
            maturityMilliseconds: Int64(maturityWindow * 1000), toleranceMilliseconds: Int64(attemptTolerance * 1000))
        return selection
    }
}
