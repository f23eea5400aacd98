/// Where every message of a run went.
///
/// Pure bookkeeping: a run is in order when both of its sums hold.
package struct MessageBalance: Equatable, Sendable {
    /// Jobs that the broker confirmed to traffic and workers.
    package var published: Int
    /// Jobs of earlier runs that waited for their decision, in the job queue or a retry queue, at the start.
    package var carriedOver: Int
    /// Decisions in the log that dispatched.
    package var dispatched: Int
    /// Decisions in the log that gave up.
    package var undeliverable: Int
    /// Jobs that wait in retry queues at the end.
    package var delayed: Int
    /// Messages that came into quarantine.
    package var quarantined: Int
    /// Jobs that wait in the job queue at the end.
    package var queued: Int
    /// Dispatched jobs that workers have acknowledged.
    package var attempted: Int
    /// Dispatched jobs of earlier runs that waited for a worker at the start.
    package var waitingAtStart: Int
    /// Dispatched jobs that wait for a worker at the end.
    package var waitingAtEnd: Int

    package init(
        published: Int, carriedOver: Int, dispatched: Int, undeliverable: Int, delayed: Int, quarantined: Int, queued: Int,
        attempted: Int, waitingAtStart: Int, waitingAtEnd: Int
    ) {
        self.published = published
        self.carriedOver = carriedOver
        self.dispatched = dispatched
        self.undeliverable = undeliverable
        self.delayed = delayed
        self.quarantined = quarantined
        self.queued = queued
        self.attempted = attempted
        self.waitingAtStart = waitingAtStart
        self.waitingAtEnd = waitingAtEnd
    }

    /// Messages that are nowhere (positive) or in two places (negative).
    package var unaccounted: Int { published + carriedOver - dispatched - undeliverable - delayed - quarantined - queued }

    /// Dispatched jobs that never reached a dispatch queue (positive) or reached it twice (negative).
    package var undispatched: Int { dispatched + waitingAtStart - attempted - waitingAtEnd }

    package var isBalanced: Bool { unaccounted == 0 && undispatched == 0 }
}

extension MessageBalance: CustomStringConvertible {
    package var description: String {
        func rest(_ count: Int) -> String { count == 0 ? "" : " + \(count) UNACCOUNTED FOR" }
        func before(_ count: Int) -> String { count == 0 ? "" : " + \(count) from before" }
        return """
            published \(published)\(before(carriedOver)) = dispatched \(dispatched) + delayed \(delayed) \
            + undeliverable \(undeliverable) + quarantined \(quarantined) + in queue \(queued)\(rest(unaccounted))
            dispatched \(dispatched)\(before(waitingAtStart)) = attempted \(attempted) \
            + waiting for a worker \(waitingAtEnd)\(rest(undispatched))
            """
    }
}
