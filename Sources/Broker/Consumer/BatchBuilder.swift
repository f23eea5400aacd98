import CAMQPShim

/// Gathers deliveries into one batch with one arena.
struct BatchBuilder {
    private(set) var deliveries: [Delivery] = []
    private(set) var firstReceived: MonotonicTime?
    private var arena: ByteArena
    private let headerNames: [String]
    private let capacity: Int

    init(headerNames: [String], capacity: Int) {
        self.headerNames = headerNames
        self.capacity = capacity
        arena = ByteArena(headerNames: headerNames)
    }

    var isEmpty: Bool { deliveries.isEmpty }
    var isFull: Bool { deliveries.count >= capacity }
    var room: Int { capacity - deliveries.count }

    mutating func add(_ event: UnsafePointer<camqp_event>, generation: UInt32, now: MonotonicTime) {
        if deliveries.isEmpty {
            firstReceived = now
            deliveries.reserveCapacity(min(capacity, 256))
        }
        let firstHeader = Int32(arena.headerSlices.count)
        for index in headerNames.indices {
            arena.headerSlices.append(Self.slice(camqp_event_header(event, Int32(index))))
        }
        deliveries.append(
            Delivery(
                tag: DeliveryTag(generation: generation, tag: event.pointee.tag), redelivered: event.pointee.redelivered,
                deliveryCount: Int(clamping: event.pointee.delivery_count),
                defect: event.pointee.oversized ? .oversized(bytes: event.pointee.body_size) : nil,
                body: MessageBody(arena: arena, slice: Self.slice(event.pointee.body)),
                streamOffsetOrNone: event.pointee.stream_offset, messageIDSlice: Self.slice(event.pointee.message_id),
                contentTypeSlice: Self.slice(event.pointee.content_type), firstHeader: firstHeader))
    }

    /// Closes the batch: the connection's arena becomes the deliveries'.
    mutating func take(from connection: borrowing AMQPConnection, now: MonotonicTime) throws(BrokerError) -> DeliveryBatch {
        var taken = camqp_arena()
        try connection.check(camqp_take_arena(connection.handle, &taken), "closing a batch")
        arena.adopt(taken)
        let batch = DeliveryBatch(deliveries: deliveries, firstReceived: firstReceived ?? now)
        deliveries = []
        firstReceived = nil
        arena = ByteArena(headerNames: headerNames)
        return batch
    }

    private static func slice(_ slice: camqp_slice) -> ByteArena.Slice {
        ByteArena.Slice(offset: slice.offset, length: slice.length)
    }
}
