internal import Broker
internal import Logging
internal import Scoring

/// The line an outcome walks: take → decode → log → acknowledge; a malformed one goes to quarantine.
///
/// Runs on a thread of its own.
final class OutcomeLoop: Sendable {
    private let consumer: Consumer
    private let names: QueueNames
    private let outbox: Outbox
    private let log: LogWriter<Outcome>
    private let settlement: Settlement
    private let statistics: ScorerStatistics
    private let metrics: ScorerMetrics
    private let logger: Logger

    init(
        consumer: Consumer, names: QueueNames, outbox: Outbox, log: LogWriter<Outcome>, settlement: Settlement,
        statistics: ScorerStatistics, metrics: ScorerMetrics, logger: Logger
    ) {
        self.consumer = consumer
        self.names = names
        self.outbox = outbox
        self.log = log
        self.settlement = settlement
        self.statistics = statistics
        self.metrics = metrics
        self.logger = logger
    }

    /// Logs outcomes until the consumer has stopped and handed out its last batch.
    func run() {
        var decoder = JobDecoder()
        while let deliveries = consumer.next() {
            let batch = DecodedBatch(deliveries) { delivery throws(MessageDefect) in try decoder.outcome(in: delivery) }
            let id = settlement.begin(entries(of: batch))
            let first = batch.messages.count
            quarantine(batch.defects) { [settlement] positions in settlement.complete(.published, at: positions.map { first + $0 }, of: id)
            }
            write(batch, as: id)
            statistics.recordOutcomes(batch.messages.count, malformed: batch.defects.count)
            metrics.record(batch.messages)
        }
    }

    /// What must happen before each delivery is acknowledged, outcomes before defects.
    ///
    /// An outcome that is delivered again is written again, which the log takes as the same: it needs no key.
    private func entries(of batch: DecodedBatch<Outcome>) -> [Settlement.Ledger.Entry] {
        batch.deliveries.map { Settlement.Ledger.Entry(tag: $0.tag, key: nil, needs: .logged) }
            + batch.defects.map { Settlement.Ledger.Entry(tag: $0.delivery.tag, key: nil, needs: .published) }
    }

    private func write(_ batch: DecodedBatch<Outcome>, as id: Settlement.Ledger.BatchID) {
        let deliveries = batch.deliveries
        log.append(batch.messages) { [self] report in
            settlement.complete(.logged, at: report.durable, of: id)
            for (position, reason) in report.rejected {
                logger.error("an outcome was refused: \(reason)")
                quarantine([(deliveries[position], MessageDefect(reason: "log_refused", detail: reason))]) { [settlement] _ in
                    settlement.complete(.logged, at: [position], of: id)
                }
            }
        }
    }

    private func quarantine(_ refused: [(delivery: Delivery, defect: MessageDefect)], confirmed: @escaping @Sendable ([Int]) -> Void) {
        for (_, defect) in refused { metrics.recordQuarantined(defect.reason) }
        let messages = refused.map {
            DecisionMessage.quarantine($0.delivery, for: $0.defect, from: names.outcomesLog, to: names.quarantine)
        }
        outbox.publish(messages, confirmed: confirmed)
    }
}
