package import Broker
package import Logging
internal import Metrics
package import Scoring
package import Store
package import Streaming
internal import Synchronization

/// The log of what was predicted (`source=api`): records wait for the database, a bounded number of them; what finds no room, and what the
/// database never takes, is counted.
///
/// A caller never waits for it: an answer that came with `degraded: ["database"]` may be missing in the log.
package final class PredictionLog: Sendable {
    private let writer: LogWriter<DecisionRecord>
    private let hasher: RecipientHasher?
    private let logger: Logger
    /// Records that wait or are being written.
    private let outstanding = Monitor(0)
    private let dropped = Mutex(0)
    /// What whoever looks after the database has found last.
    private let databaseAnswers = Mutex(true)
    private let droppedCounter = Counter(label: "herald_prediction_records_dropped_total")

    /// - Parameter hasher: `nil` = no recipient is stored.
    package init(database: Database, hasher: RecipientHasher?, logger: Logger) {
        writer = LogWriter(database, logger: logger)
        self.hasher = hasher
        self.logger = logger
    }

    package func start() throws(BrokerError) {
        try writer.start()
    }

    /// Ends when everything is written, at `limit` at the latest, and says how much was not.
    package func close(within limit: Duration = .seconds(1)) {
        _ = outstanding.wait(until: .now + limit) { $0 == 0 ? true : nil }
        writer.close()
        let left = outstanding.withLock { $0 }
        if left > 0 { logger.warning("\(left) predictions of the last moments are not in the log: the database did not take them in time") }
    }

    /// Whether the database takes records, as far as anybody knows: it answered last, and the last write reached it.
    package var isAvailable: Bool { databaseAnswers.withLock { $0 } && writer.isAvailable }

    /// Says whether the database answers: a write that tells of it comes late, and never where nobody asks for predictions.
    package func note(databaseAnswers: Bool) {
        self.databaseAnswers.withLock { $0 = databaseAnswers }
    }

    /// Records that found no room, or that the database refused, since the start.
    package var droppedCount: Int { dropped.withLock { $0 } }

    /// Hands decisions over; `false` where there was no room for them.
    func append(_ decisions: [Decision], on jobs: [PendingJob], schema: FeatureSchema?) -> Bool {
        let records = zip(decisions, jobs).map { decision, pending in
            DecisionRecord(
                job: pending.job, decision: decision, schemaFingerprint: decision.features.isEmpty ? nil : schema?.fingerprint,
                recipientHash: hasher.flatMap { hasher in pending.job.recipient.map(hasher.hash) }, source: .api)
        }
        outstanding.update { $0 += records.count }
        let isAccepted = writer.offer(records) { [self] report in
            outstanding.update { $0 -= report.durable.count + report.rejected.count }
            guard let first = report.rejected.first else { return }
            logger.error("the database refuses \(report.rejected.count) predictions, the first because: \(first.reason)")
            drop(report.rejected.count)
        }
        if !isAccepted {
            outstanding.update { $0 -= records.count }
            drop(records.count)
        }
        return isAccepted
    }

    private func drop(_ count: Int) {
        dropped.withLock { $0 += count }
        droppedCounter.increment(by: count)
    }
}
