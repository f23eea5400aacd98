import Scoring

/// How full each provider's queue is: the only state of the world that attempts change, so that their order matters.
///
/// A leaky bucket per provider: it drains at the provider's capacity and every accepted attempt adds one.
package struct ProviderLoads: Sendable {
    /// One provider's queue.
    struct Queue: Sendable {
        /// Accepted attempts not yet carried out.
        var depth = 0.0
        /// Attempts offered lately, per millisecond, exponentially weighted.
        var offeredPerMillisecond = 0.0
        var updatedAt: Timestamp?
    }

    var queues: [Queue]

    /// Empty queues for `providers` providers.
    package init(providers: Int = WorldParameters.providers.count) {
        queues = Array(repeating: Queue(), count: providers)
    }
}
