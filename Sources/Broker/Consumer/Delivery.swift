/// A message handed out by a consumer; it must be settled exactly once, by acknowledging or rejecting its tag.
package struct Delivery: Sendable {
    /// What makes a message unfit for processing although it was delivered.
    package enum Defect: Sendable, Equatable {
        /// The body was longer than the limit (bytes announced); only its beginning is here.
        case oversized(bytes: UInt64)
    }

    package let tag: DeliveryTag
    /// Whether the broker may have delivered it before.
    package let redelivered: Bool
    /// How often it was delivered and came back (`x-delivery-count` of quorum queues); 0 at first.
    package let deliveryCount: Int
    /// Fit for quarantine only, if not nil.
    package let defect: Defect?
    /// The body, or its first bytes if the delivery is oversized.
    package let body: MessageBody

    /// The offset, or -1: an optional would take 8 bytes more.
    let streamOffsetOrNone: Int64
    let messageIDSlice: ByteArena.Slice
    let contentTypeSlice: ByteArena.Slice
    /// Index of its first slice in `ByteArena.headerSlices`.
    let firstHeader: Int32

    /// Its place in the stream it was read from, from 0, ascending with gaps (the broker counts entries of its own too); nil if it comes
    /// from a queue.
    package var streamOffset: Int64? { streamOffsetOrNone < 0 ? nil : streamOffsetOrNone }

    package var messageID: String? { body.arena.text(messageIDSlice) }

    package var contentType: String? { body.arena.text(contentTypeSlice) }

    /// The value of a header named in `ConsumerConfiguration.headers`, numbers as decimal text; nil if it is absent,
    /// longer than 4 KiB, or neither text nor number.
    package func header(_ name: String) -> String? {
        guard let index = body.arena.headerNames.firstIndex(of: name) else { return nil }
        return body.arena.text(body.arena.headerSlices[Int(firstHeader) + index])
    }
}
