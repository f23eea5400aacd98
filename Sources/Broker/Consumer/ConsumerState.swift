/// A snapshot of a consumer, for logs, metrics and the doctor.
package struct ConsumerState: Sendable {
    /// Where it stands.
    package enum Phase: String, Sendable {
        case connecting
        case consuming
        /// `stop` was called: nothing is handed out any more, settlements still go to the broker.
        case stopping
        case closed
    }

    package internal(set) var phase = Phase.connecting
    /// Counts connections that reached the queue, from 1; 0 before the first.
    package internal(set) var generation: UInt32 = 0
    /// Deliveries handed to `next()`'s callers.
    package internal(set) var handedOut = 0
    /// Settlements dropped because their connection was gone; their messages come again.
    package internal(set) var staleSettlements = 0
    /// Why the last attempt or connection failed; nil while consuming.
    package internal(set) var lastError: BrokerError?

    package init() {}

    package var isConsuming: Bool { phase == .consuming }
}
