internal import Broker
internal import Synchronization

/// Acknowledges deliveries as their decisions become safe: the ledger behind a lock, and the consumer it acknowledges through.
///
/// Confirms arrive on the publisher's thread and log reports on the log writer's, so this is where they meet.
final class Settlement: Sendable {
    typealias Ledger = SettlementLedger<DeliveryTag>

    private let ledger = Mutex(Ledger())
    private let consumer: Consumer

    init(consumer: Consumer) {
        self.consumer = consumer
    }

    /// Deliveries handed out and not yet acknowledged.
    var inFlight: Int {
        ledger.withLock { $0.inFlight }
    }

    func begin(_ deliveries: [(tag: DeliveryTag, needs: Ledger.Steps)]) -> Ledger.BatchID {
        ledger.withLock { $0.begin(deliveries) }
    }

    /// Records a step and acknowledges what it completes.
    func complete(_ step: Ledger.Steps, at positions: some Sequence<Int>, of batch: Ledger.BatchID) {
        let ready = ledger.withLock { $0.complete(step, at: positions, of: batch) }
        if !ready.isEmpty { consumer.acknowledge(ready) }
    }
}
