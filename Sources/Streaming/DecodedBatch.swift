internal import Broker
internal import Scoring

/// A batch of deliveries after decoding: what can be used, and what goes to quarantine alone.
struct DecodedBatch<Message> {
    /// What was decoded, in the order of the deliveries.
    private(set) var messages: [Message] = []
    /// The delivery of each of `messages`.
    private(set) var deliveries: [Delivery] = []
    private(set) var defects: [(delivery: Delivery, defect: MessageDefect)] = []

    /// Decodes every delivery by itself: a bad one does not touch its neighbours.
    ///
    /// - Parameter decode: `nil` = nothing is to be done about this delivery.
    init(_ batch: DeliveryBatch, decode: (Delivery) throws(MessageDefect) -> Message?) {
        messages.reserveCapacity(batch.deliveries.count)
        deliveries.reserveCapacity(batch.deliveries.count)
        for delivery in batch.deliveries {
            if let defect = delivery.defect {
                defects.append((delivery, MessageDefect(defect)))
                continue
            }
            do throws(MessageDefect) {
                if let message = try decode(delivery) {
                    messages.append(message)
                    deliveries.append(delivery)
                }
            } catch {
                defects.append((delivery, error))
            }
        }
    }

    /// Number of messages and defects.
    var count: Int { messages.count + defects.count }
}
