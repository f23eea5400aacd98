internal import Broker
internal import Scoring

/// Acknowledges deliveries as they become safe: the ledger behind a lock, and the consumer it acknowledges through.
///
/// Confirms arrive on the publisher's thread and log reports on the log writer's; this is where they meet.
final class Settlement: Sendable {
    typealias Ledger = SettlementLedger<DeliveryTag, DecisionID>

    /// Finished messages that are known again: twice what can be in flight at once.
    private static let memory = 4096

    private let ledger = Monitor(Ledger(memory: memory))
    private let consumer: Consumer

    init(consumer: Consumer) {
        self.consumer = consumer
    }

    /// Deliveries handed out and not yet acknowledged.
    var inFlight: Int {
        ledger.withLock { $0.inFlight }
    }

    /// Whether a redelivered message needs no work: it is in flight, or finished and herewith acknowledged.
    func recognises(_ id: DecisionID, redeliveredAs tag: DeliveryTag) -> Bool {
        switch ledger.withLock({ $0.recognise(id, redeliveredAs: tag) }) {
        case .unknown: return false
        case .inFlight: return true
        case .finished:
            consumer.acknowledge([tag])
            return true
        }
    }

    /// Takes a batch in, before any of its steps can be done.
    func begin(_ entries: [Ledger.Entry]) -> Ledger.BatchID {
        ledger.withLock { $0.begin(entries) }
    }

    /// Records a step and acknowledges what it completes.
    func complete(_ step: SettlementSteps, at positions: some Sequence<Int>, of batch: Ledger.BatchID) {
        let isEmpty = ledger.withLock { ledger in
            let ready = ledger.complete(step, at: positions, of: batch)
            // Handed over under the lock: whoever sees an empty ledger knows that its last acknowledgement is on its way.
            if !ready.isEmpty {
                consumer.acknowledge(ready)
                CrashPoint.shared.pass(.acknowledged)
            }
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
