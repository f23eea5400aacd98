/// What a broker has counted of one queue.
package struct QueueCounts: Sendable, Equatable {
    /// Since the broker began to count; these only rise.
    package var published: Int64
    package var delivered: Int64
    package var acknowledged: Int64
    /// In the queue, those that consumers hold among them; `nil` before the queue has said so for the first time.
    package var messages: Int64?
    package var unacknowledged: Int64?

    package init(published: Int64, delivered: Int64, acknowledged: Int64, messages: Int64?, unacknowledged: Int64?) {
        self.published = published
        self.delivered = delivered
        self.acknowledged = acknowledged
        self.messages = messages
        self.unacknowledged = unacknowledged
    }
}

/// Changes a second over a window.
package struct QueueRates: Sendable, Equatable {
    /// `nil` where only depths are known.
    package var published: Double?
    package var delivered: Double?
    package var acknowledged: Double?
    /// Growth of the depth; negative where it shrinks.
    package var net: Double?
    /// Seconds.
    package var window: Double
}
