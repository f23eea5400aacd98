import CAMQPShim

/// Looks at the messages at the head of a queue in their order, takes those it is told to, and gives back all others in order.
///
/// **Order.** A quorum queue puts what is given back behind what was given back before, and hands both out before anything else. So each
/// look takes all that can lie there, `window` messages, even if only the first is wanted, and gives them back by closing its channel,
/// which sorts them. Measured on RabbitMQ 3.10.8: looks of different lengths turn the queue in a circle; `basic.nack` of more than 32
/// messages shuffles them; with `basic.get` each message has a consumer of its own, so that closing shuffles them as well.
///
/// While it looks, the queue's messages are not ready for others, and their delivery counts rise: only for queues without a delivery
/// limit, and for one browser at a time.
///
/// Every call blocks the caller's thread, which needs the stack of a `DedicatedThread`.
package struct QueueBrowser: ~Copyable {
    /// Messages held at once at most: no quorum queue hands out more.
    ///
    /// With that many held, `next` waits for one to be taken.
    package static let window = 2000
    /// Longest body that is read as a whole, bytes.
    package static let bodyLimit = 4 * 1024 * 1024

    private static let consumerTag = "herald-browser"

    private let connection: AMQPConnection
    private let queue: String
    /// Messages that were ready when it began to look.
    package let depth: Int
    /// Messages handed out by `next`.
    package private(set) var seen = 0
    /// Messages handed out and not taken.
    package private(set) var held = 0
    /// How long a look that is over may take to get what it is to give back.
    private static let drainTime = Duration.seconds(5)

    /// Connects and begins to look.
    ///
    /// - Parameter expected: messages that must be there again from the look before; waited for half a second at most.
    package init(_ url: BrokerURL, queue: String, expecting expected: Int = 0, name: String = "herald browser") throws(BrokerError) {
        let connection = try AMQPConnection(url, name: name, bodyLimit: Self.bodyLimit, keepsProperties: true)
        depth = try Self.begin(connection, queue: queue, expecting: expected)
        self.queue = queue
        self.connection = connection
    }

    /// Returns the messages that are ready.
    private static func begin(
        _ connection: borrowing AMQPConnection, queue: String, expecting expected: Int
    ) throws(BrokerError) -> Int {
        var messages: UInt32 = 0
        var consumers: UInt32 = 0
        let handle = connection.handle
        let deadline = MonotonicTime.now + .milliseconds(500)
        while true {
            try connection.check(camqp_queue_declare(handle, queue, true, nil, 0, &messages, &consumers), "asking for queue '\(queue)'")
            guard messages < expected, MonotonicTime.now < deadline else { break }
            _ = camqp_wait(connection.handle, -1, true, 10_000_000)
        }
        try connection.check(camqp_qos(handle, UInt16(Self.window)), "browsing queue '\(queue)'")
        try connection.check(connection.consume(queue, tag: Self.consumerTag, arguments: []), "browsing queue '\(queue)'")
        return Int(messages)
    }

    /// The next of the messages that were there when it began; `nil` behind the last of them, or when none came before `deadline`.
    package mutating func next(until deadline: MonotonicTime) throws(BrokerError) -> BrowsedMessage? {
        let doing = "browsing queue '\(queue)'"
        guard seen < depth else { return nil }
        while true {
            if try connection.read(limit: 1) == 1 {
                let message = try take(connection.event(0), doing: doing)
                try connection.check(camqp_reset_arena(connection.handle), doing)
                guard let message else { continue }
                seen += 1
                held += 1
                return message
            }
            let left = deadline - .now
            guard left > .zero else { return nil }
            try connection.check(camqp_tick(connection.handle, MonotonicTime.now.nanoseconds), doing)
            _ = camqp_wait(connection.handle, -1, true, min(left.nanoseconds, AMQPConnection.Limits.tickNanoseconds))
        }
    }

    private func take(_ event: UnsafePointer<camqp_event>, doing: String) throws(BrokerError) -> BrowsedMessage? {
        switch camqp_event_kind(UInt32(event.pointee.kind)) {
        case CAMQP_EVENT_DELIVERY:
            return BrowsedMessage(
                tag: event.pointee.tag, body: MessageBody(connection.bytes(event.pointee.body)), bodyBytes: Int(event.pointee.body_size),
                properties: MessageProperties(encoded: connection.bytes(event.pointee.properties)))
        case CAMQP_EVENT_CANCEL: throw BrokerError(.notFound, doing: doing, text: "the broker cancelled the consumer: the queue is gone")
        default: return nil
        }
    }

    /// Takes a message out of the queue; returns when the broker's channel has handed that on.
    ///
    /// An acknowledgement has no answer, and a connection that dies takes those with it that wait in its channel (3 were seen). A channel
    /// works in order, so the answer to a call behind it, here one that changes nothing, says that it is through.
    package mutating func acknowledge(_ message: borrowing BrowsedMessage) throws(BrokerError) {
        try connection.check(camqp_ack(connection.handle, message.tag, false), "taking from queue '\(queue)'")
        try connection.setPrefetch(Self.window, of: queue)
        held -= 1
    }

    /// Gives back everything that was not taken, in order, and says good-bye to the broker.
    ///
    /// The messages are there again a moment later.
    package consuming func close() throws(BrokerError) {
        let deadline = MonotonicTime.now + Self.drainTime
        while held < Self.window, try next(until: deadline) != nil {}
        try connection.close()
    }
}
