internal import Broker
internal import Logging
internal import Scoring

/// The line an outcome walks into live health: stream → decode → observe.
///
/// Reads `herald.outcomes.recent` from some minutes back without consuming it, on a thread of its own: every scorer learns of every
/// outcome, and what it knew survives a restart. A malformed outcome is skipped and counted; the log's reader quarantines it.
final class HealthFeed: Sendable {
    private let consumer: Consumer
    private let health: SharedHealth
    private let now: @Sendable () -> Timestamp
    private let count: @Sendable (LiveHealth.Counts) -> Void

    /// - Parameter count: hears the counts after each batch.
    init(
        consumer: Consumer, health: SharedHealth, now: @escaping @Sendable () -> Timestamp,
        count: @escaping @Sendable (LiveHealth.Counts) -> Void
    ) {
        self.consumer = consumer
        self.health = health
        self.now = now
        self.count = count
    }

    /// Observes outcomes until the consumer has stopped.
    func run() {
        var decoder = JobDecoder()
        while let deliveries = consumer.next() {
            let batch = DecodedBatch(deliveries) { delivery throws(MessageDefect) in try decoder.outcome(in: delivery) }
            health.observe(batch.messages, now: now())
            // On a stream this only asks the broker for more.
            consumer.acknowledge(deliveries.tags)
            count(health.counts)
        }
    }

    /// Waits until the replay at the start has come to the present, at most until `deadline`; `false` where it has not.
    ///
    /// A scorer without a broker, or with an endless replay, must still decide: with what it knows.
    func awaitPresent(until deadline: MonotonicTime) -> Bool {
        consumer.waitUntil(deadline: deadline) { $0.hasCaughtUp }
    }
}
