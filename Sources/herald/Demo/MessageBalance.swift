/// Where every message of a run went.
///
/// Pure bookkeeping: a run is in order when both of its sums hold.
package struct MessageBalance: Equatable, Sendable {
    /// Jobs that the broker confirmed to traffic and workers.
    package var published: Int
    /// Decisions in the log that dispatched.
    package var dispatched: Int
    /// Decisions in the log that gave up.
    package var undeliverable: Int
    /// Jobs that wait in retry queues at the end, less those that waited there at the start.
    package var delayed: Int
    /// The same for the quarantine.
    package var quarantined: Int
    /// The same for the job queue.
    package var queued: Int
    /// Dispatched jobs that workers have acknowledged.
    package var attempted: Int
    /// Dispatched jobs that wait for a worker at the end, less those at the start.
    package var waitingForWorker: Int

    package init(
        published: Int, dispatched: Int, undeliverable: Int, delayed: Int, quarantined: Int, queued: Int, attempted: Int,
        waitingForWorker: Int
    ) {
        self.published = published
        self.dispatched = dispatched
        self.undeliverable = undeliverable
        self.delayed = delayed
        self.quarantined = quarantined
        self.queued = queued
        self.attempted = attempted
        self.waitingForWorker = waitingForWorker
    }

    /// Messages published that are nowhere (positive) or in two places (negative).
    package var unaccounted: Int { published - dispatched - undeliverable - delayed - quarantined - queued }

    /// Dispatched jobs that never reached a dispatch queue (positive) or reached it twice (negative).
    package var undispatched: Int { dispatched - attempted - waitingForWorker }

    package var isBalanced: Bool { unaccounted == 0 && undispatched == 0 }
}

extension MessageBalance: CustomStringConvertible {
    package var description: String {
        """
        published \(published) = dispatched \(dispatched) + delayed \(delayed) + undeliverable \(undeliverable) \
        + quarantined \(quarantined) + in queue \(queued)\(unaccounted == 0 ? "" : " + \(unaccounted) UNACCOUNTED FOR")
        dispatched \(dispatched) = attempted \(attempted) + waiting for a worker \(waitingForWorker)\
        \(undispatched == 0 ? "" : " + \(undispatched) UNACCOUNTED FOR")
        """
    }
}
