internal import Synchronization

/// Measures the stages of one batch that end elsewhere: on the publisher's thread and on the log writer's.
final class BatchClock: Sendable {
    private let metrics: ScorerMetrics
    private let arrived: ContinuousClock.Instant
    private let published: Atomic<Int>
    private let logged: Atomic<Int>
    private let steps: Atomic<Int>
    /// When handing over began.
    private let handedOver: ContinuousClock.Instant

    /// - Parameters:
    ///   - messages: that await their confirm.
    ///   - records: that await their log.
    init(_ metrics: ScorerMetrics, arrived: ContinuousClock.Instant, messages: Int, records: Int) {
        self.metrics = metrics
        self.arrived = arrived
        published = Atomic(messages)
        logged = Atomic(records)
        steps = Atomic(messages + records)
        handedOver = .now
    }

    /// All messages are handed over.
    func publish() {
        metrics.record(.publish, handedOver.duration(to: .now))
    }

    /// The broker has confirmed so many messages.
    func confirm(_ count: Int) {
        if published.subtract(count, ordering: .relaxed).newValue == 0 { metrics.record(.confirm, handedOver.duration(to: .now)) }
        finish(count)
    }

    /// So many records are durable, or in quarantine in place of it.
    func log(_ count: Int) {
        guard count > 0 else { return }
        if logged.subtract(count, ordering: .relaxed).newValue == 0 { metrics.record(.log, handedOver.duration(to: .now)) }
        finish(count)
    }

    /// The last step of a batch is what its last acknowledgement waited for.
    private func finish(_ count: Int) {
        if steps.subtract(count, ordering: .relaxed).newValue == 0 { metrics.record(.ack, arrived.duration(to: .now)) }
    }
}
