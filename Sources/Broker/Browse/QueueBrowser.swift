import CAMQPShim

/// Looks at the messages at the head of a queue in their order, takes those it is told to, and gives back all others in order.
///
/// One consumer with one tag: what it gives back, a quorum queue hands out again in the order in which it handed it out before. With
/// `basic.get` each message would have a consumer of its own, and the order in which these give back is nobody's. While it looks, the
/// queue's messages are not ready for others, and their delivery counts rise: only for queues without a delivery limit.
///
/// Every call blocks the caller's thread, which needs the stack of a `DedicatedThread`.
package struct QueueBrowser: ~Copyable {
    /// Most messages that can be held at once: no quorum queue hands out more.
    package static let largestWindow = 2000
    /// Longest body that is read as a whole, bytes.
    package static let bodyLimit = 4 * 1024 * 1024

    private static let consumerTag = "herald-browser"

    private let connection: AMQPConnection
    private let queue: String
    /// Messages that were ready when it began to look.
    package let depth: Int
    /// Messages handed out by `next`.
    package private(set) var seen = 0
    private var held = 0

    /// Connects and begins to look.
    ///
    /// - Parameter window: messages held at once at most; with that many held, `next` waits for one to be taken.
    package init(_ url: BrokerURL, queue: String, window: Int, name: String = "herald browser") throws(BrokerError) {
        precondition((1...Self.largestWindow).contains(window), "a browser holds 1 to \(Self.largestWindow) messages")
        let connection = try AMQPConnection(url, name: name, bodyLimit: Self.bodyLimit, keepsProperties: true)
        depth = try Self.begin(connection, queue: queue, window: window)
        self.queue = queue
        self.connection = connection
    }

    /// Returns the messages that are ready.
    private static func begin(_ connection: borrowing AMQPConnection, queue: String, window: Int) throws(BrokerError) -> Int {
        var messages: UInt32 = 0
        var consumers: UInt32 = 0
        let handle = connection.handle
        try connection.check(camqp_queue_declare(handle, queue, true, nil, 0, &messages, &consumers), "asking for queue '\(queue)'")
        try connection.check(camqp_qos(handle, UInt16(window)), "browsing queue '\(queue)'")
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

    /// Takes a message out of the queue.
    package mutating func acknowledge(_ message: borrowing BrowsedMessage) throws(BrokerError) {
        try connection.check(camqp_ack(connection.handle, message.tag, false), "taking from queue '\(queue)'")
        try connection.check(camqp_flush_all(connection.handle), "taking from queue '\(queue)'")
        held -= 1
    }

    /// Gives back everything that was not taken, in order, and says good-bye to the broker.
    package consuming func close() throws(BrokerError) {
        let doing = "giving back the messages of queue '\(queue)'"
        try connection.check(camqp_cancel(connection.handle, Self.consumerTag), doing)
        let deadline = MonotonicTime.now + .seconds(Int(AMQPConnection.Limits.rpcTimeoutSeconds))
        // What was on its way when the consumer was cancelled is given back too.
        while try !readCancelled(doing) {
            guard MonotonicTime.now < deadline else { throw BrokerError(.timeout, doing: doing, text: "no answer within 10 s") }
            _ = camqp_wait(connection.handle, -1, true, AMQPConnection.Limits.tickNanoseconds)
        }
        try connection.check(camqp_nack(connection.handle, 0, true, true), doing)
        // The answer to a method on the same channel comes after what was sent before has been dealt with.
        try connection.check(camqp_qos(connection.handle, 1), doing)
        try connection.close()
    }

    private func readCancelled(_ doing: String) throws(BrokerError) -> Bool {
        try connection.check(camqp_flush(connection.handle), doing)
        let count = try connection.read(arenaBudget: 1 << 22)
        defer { _ = camqp_reset_arena(connection.handle) }
        return (0..<count).contains { connection.event($0).pointee.kind == UInt8(CAMQP_EVENT_CANCEL_OK.rawValue) }
    }
}
