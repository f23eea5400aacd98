/// A snapshot of a publisher, for logs, metrics and the doctor.
package struct PublisherState: Sendable {
    /// Where it stands.
    package enum Phase: String, Sendable {
        case connecting
        case publishing
        case closed
    }

    package internal(set) var phase = Phase.connecting
    /// Whether the broker has blocked the connection (memory or disk alarm): nothing is published until it unblocks.
    package internal(set) var isBlocked = false
    /// Counts connections, from 1; 0 before the first.
    package internal(set) var generation: UInt32 = 0
    /// Messages accepted by `publish` and not settled.
    package internal(set) var pending = 0
    package internal(set) var confirmed = 0
    package internal(set) var returned = 0
    /// Refusals (basic.nack); each is followed by another attempt.
    package internal(set) var refusals = 0
    /// Messages sent again because their connection was lost before they were confirmed.
    package internal(set) var republished = 0
    /// Why the last attempt or connection failed; nil while publishing.
    package internal(set) var lastError: BrokerError?

    package init() {}
}
