/// Names a delivery: tags restart at 1 with every connection, so a tag without its generation could settle another message.
package struct DeliveryTag: Hashable, Sendable {
    /// Counts the connections of a consumer, from 1.
    package let generation: UInt32
    /// The broker's delivery tag, from 1.
    package let tag: UInt64

    package init(generation: UInt32, tag: UInt64) {
        self.generation = generation
        self.tag = tag
    }
}
