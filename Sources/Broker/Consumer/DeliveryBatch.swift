/// Deliveries handed out together; their bodies share one arena.
package struct DeliveryBatch: Sendable {
    /// In the broker's order; never empty.
    package let deliveries: [Delivery]
    /// When the first of them came in.
    package let firstReceived: MonotonicTime

    /// All tags, for settling the batch as a whole.
    package var tags: [DeliveryTag] { deliveries.map(\.tag) }

    package func body(of delivery: Delivery) -> MessageBody { delivery.body }
}
