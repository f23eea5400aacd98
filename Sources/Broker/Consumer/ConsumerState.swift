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
    /// Settlements dropped because their connection was gone; a queue's messages come again, a stream's do not.
    package internal(set) var staleSettlements = 0
    /// Streams only: the offset of the last delivery handed to `next()`'s callers; nil before the first.
    package internal(set) var streamOffset: Int64?
    /// Streams only: whether the replay has reached the present.
    ///
    /// True once all messages that were in the stream when the consumer reached it have been handed out and settled (by `acknowledge`;
    /// what an earlier connection delivered need only be handed out); stays true. The goal is fixed before reading begins, so constant
    /// traffic does not put it off; a lost connection sets it anew. With nothing to replay it takes about 3 s, because the broker says
    /// nothing then; otherwise only as long as the callers do.
    package internal(set) var hasCaughtUp = false
    /// Why the last attempt or connection failed; nil while consuming.
    package internal(set) var lastError: BrokerError?

    package init() {}

    package var isConsuming: Bool { phase == .consuming }
}
