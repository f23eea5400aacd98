internal import Foundation
package import Scoring
internal import Store

/// Writes the decisions of a log with what became of them as CSV, for tools that learn on more machines than one.
///
/// One row for each decision with a label, in the order of the decisions; its features as they were logged when it was taken, so nothing in
/// a row happened after it. Where no row of the export's schema was logged (rules decided, or a model with other vocabularies), the row is
/// computed again by training's own walk through the log, which gives the same bits; the column `row_source` says which.
package struct DecisionExport {
    /// What was written.
    package struct Summary: Equatable, Sendable {
        package var rowCount = 0
        /// Of them, rows that were computed again.
        package var replayedCount = 0
        package var partCount = 0
        package var leftOut = LeftOutDecisions()
        package var schemaFingerprint = ""
    }

    /// The columns before those of the features; no feature has one of these names.
    package static let keyColumns = [
        "decision_id", "job_id", "notification_id", "decided_at", "attempt_at", "channel_name", "provider_name", "country_name",
        "template_name", "delay_ms", "propensity", "model_version", "policy_name", "predicted_probability", "row_source", "split", "label",
        "outcome_status", "outcome_response_code", "outcome_latency_ms", "outcome_attempted_at", "outcome_occurred_at",
    ]

    private let log: DecisionLog
    private let schema: FeatureSchema?
    private let partitionRows: Int

    /// - Parameters:
    ///   - schema: the columns; `nil` = with the vocabularies of the log itself.
    ///   - partitionRows: most rows of a file, at least 1.
    package init(_ log: DecisionLog, schema: FeatureSchema?, partitionRows: Int) {
        self.log = log
        self.schema = schema
        self.partitionRows = max(1, partitionRows)
    }

    /// Writes `rows/part-00000.csv` …, `schema.json` and `_SUCCESS` into a folder that appears whole or not at all.
    ///
    /// - Parameters:
    ///   - path: must not be there, or be an empty folder.
    ///   - progress: gets the rows written, and the share that is done.
    /// - Throws: `TrainingError` where the folder cannot be written or nothing can be exported, `StoreError`.
    package func run(to path: String, progress: (_ rows: Int, _ share: Double) -> Void) throws -> Summary {
        let folder = try ExportFolder(path)
        let survey = try AttemptSurvey(.decisions(log)) { progress($0, $1 / 2) }
        guard survey.maturedCount > 0 else {
            throw TrainingError(.insufficientData, "\(log) has no decision whose outcome is known; \(survey.pendingCount) are waited for")
        }
        let schema = try schema ?? Self.schema(survey)
        let usual = TrainingConfiguration(source: .decisions(log), modelsPath: "", createdAt: log.asOf, threads: 1)
        let split = survey.split(
            validationShare: usual.validationShare, calibrationShare: usual.calibrationShare, testShare: usual.testShare)
        var summary = Summary(schemaFingerprint: schema.fingerprint)
        var reader = try AttemptReader(.decisions(log), withRows: true)
        var replay = HistoryReplay()
        var row = [Float](repeating: .nan, count: schema.featureCount)
        let header = (Self.keyColumns + schema.names).map(Self.quoted).joined(separator: ",") + "\n"
        while var attempt = try reader.next({ replay.hear($0) }) {
            replay.prepare(&attempt)
            guard attempt.status != nil, let record = attempt.record, let outcome = attempt.recordedOutcome else { continue }
            let isLogged = record.schemaFingerprint == schema.fingerprint && record.decision.features.count == row.count
            if isLogged {
                row = record.decision.features
            } else {
                var span = row.mutableSpan
                schema.row(job: attempt.job, action: attempt.action, decidedAt: attempt.decidedAt, health: replay.health, into: &span)
                summary.replayedCount += 1
            }
            if summary.rowCount % partitionRows == 0 {
                try folder.beginPart(summary.partCount, header: header)
                summary.partCount += 1
            }
            let part = split.map { "\($0.part(of: survey.createdAt(of: attempt)))" } ?? ""
            let keys = Self.keys(of: record, outcome, rowSource: isLogged ? "logged" : "replayed", part: part)
            try folder.write((keys + row.map(Self.number)).joined(separator: ",") + "\n")
            summary.rowCount += 1
            if summary.rowCount % AttemptLog.progressRows == 0 { progress(summary.rowCount, (1 + reader.share) / 2) }
        }
        guard reader.sha256 == survey.sha256 else {
            throw TrainingError(.insufficientData, "\(log) was changed while it was read; export again")
        }
        summary.leftOut = reader.leftOut
        try folder.finish(schema: schema)
        progress(summary.rowCount, 1)
        return summary
    }

    /// Every word that occurs: an export is no model, and whoever trains on it may leave words out.
    private static func schema(_ survey: AttemptSurvey) throws -> FeatureSchema {
        let words = survey.vocabularies(before: Timestamp(milliseconds: .max))
        return try FeatureSchema(countries: words.countries, providers: words.providers)
    }

    /// In the order of `keyColumns`.
    private static func keys(of record: DecisionRecord, _ outcome: Outcome, rowSource: String, part: String) -> [String] {
        let (job, decision) = (record.job, record.decision)
        return [
            decision.id.text, quoted(job.jobID), quoted(job.notificationID), decision.decidedAt.rfc3339,
            (decision.decidedAt + decision.delayMilliseconds).rfc3339, job.channel.rawValue, quoted(decision.provider),
            job.recipientCountry.description, job.templateType.rawValue, "\(decision.delayMilliseconds)",
            String(format: "%.17g", decision.propensity), quoted(decision.model), quoted(decision.policy), number(decision.probability),
            rowSource, part, outcome.status == .delivered ? "1" : "0", outcome.status.rawValue,
            outcome.responseCode.map { "\($0)" } ?? "", outcome.latencyMilliseconds.map { String(format: "%.17g", $0) } ?? "",
            outcome.attemptedAt.rfc3339, outcome.occurredAt.rfc3339,
        ]
    }

    /// Nine digits tell any two floats apart; empty = missing.
    private static func number(_ value: Float) -> String {
        if value.isNaN { return "" }
        // Most features are small whole numbers; but −0 is none.
        if let whole = Int32(exactly: value), value.sign == .plus || whole != 0 { return String(whole) }
        return String(format: "%.9g", Double(value))
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
