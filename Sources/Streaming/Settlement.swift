internal import Broker

/// Acknowledges deliveries as they become safe: the ledger behind a lock, and the consumer it acknowledges through.
///
/// Confirms arrive on the publisher's thread and log reports on the log writer's; this is where they meet.
final class Settlement: Sendable {
    typealias Ledger = SettlementLedger<DeliveryTag>

    private let ledger = Monitor(Ledger())
    private let consumer: Consumer

    init(consumer: Consumer) {
        self.consumer = consumer
    }

    /// Deliveries handed out and not yet acknowledged.
    var inFlight: Int {
        ledger.withLock { $0.inFlight }
    }

    /// Takes a batch in, before any of its steps can be done.
    func begin(_ deliveries: [(tag: DeliveryTag, needs: SettlementSteps)]) -> Ledger.BatchID {
        ledger.withLock { $0.begin(deliveries) }
    }

    /// Records a step and acknowledges what it completes.
    func complete(_ step: SettlementSteps, at positions: some Sequence<Int>, of batch: Ledger.BatchID) {
        let isEmpty = ledger.withLock { ledger in
            let ready = ledger.complete(step, at: positions, of: batch)
            // Handed over under the lock: whoever sees an empty ledger knows that its last acknowledgement is on its way.
            if !ready.isEmpty { consumer.acknowledge(ready) }
            return ledger.inFlight == 0
        }
        if isEmpty { ledger.update { _ in } }
    }

    /// Waits until nothing is in flight, or until `deadline`; says how many deliveries are left.
    func awaitEmpty(until deadline: MonotonicTime) -> Int {
        _ = ledger.wait(until: deadline) { $0.inFlight == 0 ? true : nil }
        return inFlight
    }
}
