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
    private let logger: Logger

    init(
        consumer: Consumer, names: QueueNames, outbox: Outbox, log: LogWriter<Outcome>, settlement: Settlement,
        statistics: ScorerStatistics,
        logger: Logger
    ) {
        self.consumer = consumer
        self.names = names
        self.outbox = outbox
        self.log = log
        self.settlement = settlement
        self.statistics = statistics
        self.logger = logger
    }

    /// Logs outcomes until the consumer has stopped and handed out its last batch.
    func run() {
        var decoder = JobDecoder()
        while let deliveries = consumer.next() {
            let batch = DecodedBatch(deliveries) { delivery throws(JobDefect) in
                try delivery.body.withUnsafeBytes { bytes throws(JobDefect) in try decoder.decodeOutcome(bytes) }
            }
            let id = settlement.begin(needs(of: batch, in: deliveries))
            let defects = batch.defects
            quarantine(defects.map { (deliveries.deliveries[$0.position], $0.defect) }) { [settlement] index in
                settlement.complete(.published, at: [defects[index].position], of: id)
            }
            write(batch, in: deliveries, as: id)
            statistics.recordOutcomes(batch.messages.count, malformed: defects.count)
        }
    }

    private func needs(
        of batch: DecodedBatch<Outcome>, in deliveries: DeliveryBatch
    ) -> [(tag: DeliveryTag, needs: SettlementSteps)] {
        var needs = deliveries.deliveries.map { (tag: $0.tag, needs: SettlementSteps.logged) }
        for (position, _) in batch.defects { needs[position].needs = .published }
        return needs
    }

    private func write(_ batch: DecodedBatch<Outcome>, in deliveries: DeliveryBatch, as id: Settlement.Ledger.BatchID) {
        let positions = batch.positions
        log.append(batch.messages) { [self] report in
            settlement.complete(.logged, at: report.durable.lazy.map { positions[$0] }, of: id)
            for (index, reason) in report.rejected {
                let position = positions[index]
                logger.error("an outcome was refused: \(reason)")
                quarantine([(deliveries.deliveries[position], MessageDefect(reason: "log_refused", detail: reason))]) { [settlement] _ in
                    settlement.complete(.logged, at: [position], of: id)
                }
            }
        }
    }

    private func quarantine(_ refused: [(Delivery, MessageDefect)], confirmed: @escaping @Sendable (Int) -> Void) {
        let messages = refused.map { DecisionMessage.quarantine($0.0, for: $0.1, from: names.outcomesLog, names: names) }
        outbox.publish(messages, confirmed: confirmed)
    }
}
