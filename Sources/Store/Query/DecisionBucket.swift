package import Scoring

/// How many decisions of a stretch of time came out which way.
package struct DecisionBucket: Equatable, Sendable {
    /// Where it begins.
    package var at: Timestamp
    package var count = 0
    package var actions: [DecisionKind: Int] = [:]
    package var priorities: [Priority: Int] = [:]
    package var channels: [Channel: Int] = [:]

    package init(at: Timestamp) {
        self.at = at
    }

    mutating func add(_ count: Int, _ action: DecisionKind, _ priority: Priority, _ channel: Channel) {
        self.count += count
        actions[action, default: 0] += count
        priorities[priority, default: 0] += count
        channels[channel, default: 0] += count
    }
}

/// What became of the attempts of a stretch of time, measured on all of them or on a sample.
package struct DeliverySample: Equatable, Sendable {
    /// Dispatched decisions that were looked at.
    package var attempts = 0
    /// Those of them of which an outcome is known.
    package var known = 0
    package var delivered = 0
    /// Deliveries of jobs that expire.
    package var withDeadline = 0
    /// Those of them that were not too late.
    package var onTime = 0
    /// Seconds from the notification's creation to its delivery, ascending.
    package var seconds: [Double] = []
    /// Attempts of which an outcome is known, by channel.
    package var knownByChannel: [Channel: Int] = [:]
    /// Whether some attempts were left out.
    package var isSample = false

    package init() {}
}
