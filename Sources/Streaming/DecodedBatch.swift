internal import Broker
internal import Scoring

/// A batch of deliveries after decoding: what can be used, and what goes to quarantine alone.
struct DecodedBatch<Message> {
    /// What was decoded, in the order of the deliveries.
    private(set) var messages: [Message] = []
    /// Position in the batch of each of `messages`.
    private(set) var positions: [Int] = []
    private(set) var defects: [(position: Int, defect: MessageDefect)] = []

    /// Decodes every delivery by itself: a bad one does not touch its neighbours.
    init(_ batch: DeliveryBatch, decode: (Delivery) throws(JobDefect) -> Message) {
        messages.reserveCapacity(batch.deliveries.count)
        positions.reserveCapacity(batch.deliveries.count)
        for (position, delivery) in batch.deliveries.enumerated() {
            if let defect = delivery.defect {
                defects.append((position, MessageDefect(defect)))
                continue
            }
            do throws(JobDefect) {
                messages.append(try decode(delivery))
                positions.append(position)
            } catch {
                defects.append((position, MessageDefect(error)))
            }
        }
    }
}
