/// Where every message of a run went.
///
/// Pure bookkeeping: a run is in order when both of its sums hold.
struct MessageBalance: Equatable, Sendable {
    /// Jobs that the broker confirmed to traffic and workers.
    var published: Int
    /// Decisions in the log that dispatched.
    var dispatched: Int
    /// Decisions in the log that gave up.
    var undeliverable: Int
    /// Jobs that wait in retry queues at the end, less those that waited there at the start.
    var delayed: Int
    /// The same for the quarantine.
    var quarantined: Int
    /// The same for the job queue.
    var queued: Int
    /// Dispatched jobs that workers have acknowledged.
    var attempted: Int
    /// Dispatched jobs that wait for a worker at the end, less those at the start.
    var waitingForWorker: Int

    /// Messages published that are nowhere (positive) or in two places (negative).
    var unaccounted: Int { published - dispatched - undeliverable - delayed - quarantined - queued }

    /// Dispatched jobs that never reached a dispatch queue (positive) or reached it twice (negative).
    var undispatched: Int { dispatched - attempted - waitingForWorker }

    var isBalanced: Bool { unaccounted == 0 && undispatched == 0 }
}

extension MessageBalance: CustomStringConvertible {
    var description: String {
        """
        published \(published) = dispatched \(dispatched) + delayed \(delayed) + undeliverable \(undeliverable) \
        + quarantined \(quarantined) + in queue \(queued)\(unaccounted == 0 ? "" : " + \(unaccounted) UNACCOUNTED FOR")
        dispatched \(dispatched) = attempted \(attempted) + waiting for a worker \(waitingForWorker)\
        \(undispatched == 0 ? "" : " + \(undispatched) UNACCOUNTED FOR")
        """
    }
}
