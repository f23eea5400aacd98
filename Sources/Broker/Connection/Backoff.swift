/// Exponentially growing waits with jitter, so that clients that lost the same broker do not come back together.
package struct Backoff: Sendable {
    /// The longest first wait.
    package let initial: Duration
    /// The longest wait at all.
    package let maximum: Duration
    /// Waits drawn since the last reset.
    package private(set) var attempts = 0

    package init(initial: Duration, maximum: Duration) {
        self.initial = initial
        self.maximum = max(initial, maximum)
    }

    /// The wait of attempt `attempt` (0 = first): between half of min(`initial` · 2^attempt, `maximum`) and all of it.
    package func wait(attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(attempt, 0), 30)
        let bound = min(initial.nanoseconds << doublings, maximum.nanoseconds)
        return .nanoseconds(bound - Int64.random(in: 0...(bound / 2), using: &generator))
    }

    /// The next wait.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { attempts += 1 }
        return wait(attempt: attempts, using: &generator)
    }

    /// Call once things work again.
    package mutating func reset() {
        attempts = 0
    }
}
