internal import Scoring

/// The figures of all queues at one time; `nil` = not known.
struct QueueFigures: Sendable {
    struct Queue: Sendable {
        var queue: HeraldQueue
        /// Messages ready for delivery.
        var depth: Int?
        /// Messages that consumers hold.
        var unacknowledged: Int64?
        var consumers: Int?
        /// Seconds.
        var age: Double?
        var rates: QueueRates?
    }

    /// Time of the depths; `nil` before the first.
    var sampledAt: Timestamp?
    var isBrokerAway: Bool
    /// Whether there should be counts of the management plugin and are none.
    var isManagementAway: Bool
    var hasCounts: Bool
    var queues: [Queue]

    /// Depth of all queues of a kind together; `nil` where none is known.
    func depth(of kinds: Set<HeraldQueue.Kind>) -> Int? {
        let depths = queues.filter { kinds.contains($0.queue.kind) }.compactMap(\.depth)
        return depths.isEmpty ? nil : depths.reduce(0, +)
    }
}
