/// Deliveries handed out together; their bodies share one arena.
package struct DeliveryBatch: Sendable {
    /// In the broker's order; never empty.
    package let deliveries: [Delivery]
    /// When the first of them came in.
    package let firstReceived: MonotonicTime

    /// All tags, for settling the batch as a whole.
    package var tags: [DeliveryTag] { deliveries.map(\.tag) }

    /// Those that fulfil a condition, and a batch of the others.
    func split(_ condition: (Delivery) -> Bool) -> (chosen: [Delivery], others: DeliveryBatch?) {
        guard deliveries.contains(where: condition) else { return ([], self) }
        let others = deliveries.filter { !condition($0) }
        return (deliveries.filter(condition), others.isEmpty ? nil : DeliveryBatch(deliveries: others, firstReceived: firstReceived))
    }

    package func body(of delivery: Delivery) -> MessageBody { delivery.body }
}
