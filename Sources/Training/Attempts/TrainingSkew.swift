package import Scoring
internal import Store

/// Whether training sees what serving saw: the row that training computes from the log against the one that was logged with the decision.
package struct TrainingSkew: Equatable, Sendable {
    /// Decisions with a label whose rows were compared.
    package private(set) var rowCount = 0
    /// Decisions with a label that have no row of this schema.
    package private(set) var otherCount = 0
    /// Rows that differ, and bits of theirs that do.
    package private(set) var differingRowCount = 0
    package private(set) var differingBitCount = 0
    /// Where the first difference is, in words.
    package private(set) var firstDifference: String?

    /// Walks through the log as training does.
    ///
    /// - Parameter schema: of the model that served.
    package init(_ log: DecisionLog, schema: FeatureSchema) throws {
        var reader = try AttemptReader(.decisions(log), withRows: true)
        var replay = HistoryReplay()
        var row = [Float](repeating: .nan, count: schema.featureCount)
        while var attempt = try reader.next({ replay.hear($0) }) {
            replay.prepare(&attempt)
            defer { replay.conclude(attempt) }
            guard let status = attempt.status else { continue }
            guard attempt.record?.schemaFingerprint == schema.fingerprint, let logged = attempt.record?.decision.features,
                logged.count == row.count
            else {
                otherCount += 1
                continue
            }
            var rows = LabelledRows()
            let labelled = LabelledAttempt(attempt: attempt, status: status, notification: 0)
            rows.append(labelled, health: replay.health, schema: schema, row: &row)
            compare(rows.features, with: logged, attempt, schema)
        }
    }

    private mutating func compare(_ row: [Float], with loggedRow: [Float], _ attempt: Attempt, _ schema: FeatureSchema) {
        rowCount += 1
        var bits = 0
        for (column, (computed, logged)) in zip(row, loggedRow).enumerated() {
            // Missing is missing, whatever the payload of its NaN.
            guard !(computed.isNaN && logged.isNaN), computed.bitPattern != logged.bitPattern else { continue }
            bits += (computed.bitPattern ^ logged.bitPattern).nonzeroBitCount
            firstDifference =
                firstDifference
                ?? "\(schema.names[column]) of job \(attempt.job.jobID) at \(attempt.decidedAt.rfc3339): \(computed), but \(logged) was logged"
        }
        differingBitCount += bits
        if bits > 0 { differingRowCount += 1 }
    }
}
