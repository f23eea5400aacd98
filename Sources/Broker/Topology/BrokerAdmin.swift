import CAMQPShim

/// A short-lived connection for declaring, checking and looking at queues; every call blocks the caller's thread.
///
/// After `notFound` or `preconditionFailed` it can be used on; after other errors, or two minutes without a call, make a new one.
package struct BrokerAdmin: ~Copyable {
    /// How full a queue is.
    package struct Depth: Sendable, Equatable {
        /// Messages ready for delivery; those held by consumers are not counted.
        package let messages: Int
        package let consumers: Int
    }

    private let connection: AMQPConnection
    private let headers: [String]
    private var confirms = false

    /// Connects.
    ///
    /// - Parameter headers: Headers that `get` keeps.
    package init(_ url: BrokerURL, name: String = "herald admin", headers: [String] = []) throws(BrokerError) {
        connection = try AMQPConnection(url, name: name, headers: headers, heartbeatSeconds: 60)
        self.headers = headers
    }

    /// Tells the broker good-bye.
    package consuming func close() throws(BrokerError) {
        try connection.close()
    }

    /// Messages and consumers of a queue; throws `notFound` if it does not exist.
    package func depth(of queue: String) throws(BrokerError) -> Depth {
        try declare(QueueDeclaration(name: queue, arguments: []), passive: true)
    }

    /// Removes all ready messages; returns how many.
    package func purge(_ queue: String) throws(BrokerError) -> Int {
        var messages: UInt32 = 0
        try perform("purging queue '\(queue)'") { camqp_queue_purge($0, queue, &messages) }
        return Int(messages)
    }

    /// Deletes a queue with what is in it; returns how many messages that were.
    ///
    /// A missing queue is no error.
    @discardableResult
    package func delete(queue: String) throws(BrokerError) -> Int {
        var messages: UInt32 = 0
        try perform("deleting queue '\(queue)'") { camqp_queue_delete($0, queue, &messages) }
        return Int(messages)
    }

    /// Deletes an exchange; a missing one is no error.
    package func delete(exchange: String) throws(BrokerError) {
        try perform("deleting exchange '\(exchange)'") { camqp_exchange_delete($0, exchange) }
    }

    /// Declares a durable queue; throws `preconditionFailed` if it exists with other arguments.
    @discardableResult
    package func declare(_ queue: QueueDeclaration) throws(BrokerError) -> Depth {
        try declare(queue, passive: false)
    }

    /// Declares a durable fanout exchange.
    package func declare(exchange: String) throws(BrokerError) {
        try perform("declaring exchange '\(exchange)'") { camqp_exchange_declare($0, exchange, "fanout", false) }
    }

    package func bind(queue: String, to exchange: String, routingKey: String = "") throws(BrokerError) {
        try perform("binding queue '\(queue)' to exchange '\(exchange)'") { camqp_queue_bind($0, queue, exchange, routingKey) }
    }

    /// Takes the next message out of a queue, nil if it is empty.
    ///
    /// Not for a hot path: one round trip each.
    package func get(_ queue: String) throws(BrokerError) -> Delivery? {
        var name = queue
        let status = name.withUTF8 { camqp_get(connection.handle, camqp_bytes(bytes: $0.baseAddress, length: $0.count)) }
        try check(status, "getting from queue '\(queue)'")
        var delivery: Delivery?
        try awaitEvents("getting from queue '\(queue)'") { (event) throws(BrokerError) in
            guard event.pointee.kind == UInt8(CAMQP_EVENT_DELIVERY.rawValue) else {
                return event.pointee.kind == UInt8(CAMQP_EVENT_GET_EMPTY.rawValue)
            }
            var builder = BatchBuilder(headerNames: headers, capacity: 1)
            builder.add(event, generation: 0, now: .now)
            delivery = try builder.take(from: connection, now: .now).deliveries.first
            return true
        }
        if let delivery {
            try check(camqp_ack(connection.handle, delivery.tag.tag, false), "getting from queue '\(queue)'")
            try check(camqp_flush_all(connection.handle), "getting from queue '\(queue)'")
        }
        return delivery
    }

    /// Publishes one message and waits for its confirm; throws `unroutable` or `refusedByBroker`.
    package mutating func publish(_ message: OutgoingMessage) throws(BrokerError) {
        let doing = "publishing to '\(message.routingKey)'"
        if !confirms {
            try perform("asking for publisher confirms") { camqp_confirm_select($0) }
            confirms = true
        }
        try check(message.withPublication { camqp_publish(connection.handle, &$0) }, doing)
        try check(camqp_flush_all(connection.handle), doing)
        var returned: BrokerError?
        var refused = false
        try awaitEvents(doing) { (event) throws(BrokerError) in
            switch camqp_event_kind(UInt32(event.pointee.kind)) {
            case CAMQP_EVENT_RETURN:
                let text = connection.text(event.pointee.text) ?? ""
                returned = BrokerError(.unroutable, doing: doing, rawCode: Int(event.pointee.reply_code), text: text)
                return false
            case CAMQP_EVENT_NACK:
                refused = true
                return true
            default:
                return event.pointee.kind == UInt8(CAMQP_EVENT_ACK.rawValue)
            }
        }
        try check(camqp_reset_arena(connection.handle), doing)
        if let returned { throw returned }
        if refused { throw BrokerError(.refusedByBroker, doing: doing, text: "the broker refused the message; the queue may be full") }
    }

    private func declare(_ queue: QueueDeclaration, passive: Bool) throws(BrokerError) -> Depth {
        var messages: UInt32 = 0
        var consumers: UInt32 = 0
        let doing = passive ? "asking for queue '\(queue.name)'" : "declaring queue '\(queue.name)'"
        try perform(doing) { handle in
            queue.arguments.withArguments { arguments, count in
                camqp_queue_declare(handle, queue.name, passive, arguments, count, &messages, &consumers)
            }
        }
        return Depth(messages: Int(messages), consumers: Int(consumers))
    }

    /// One synchronous method; a channel that the broker closes over it is opened again.
    func perform(_ doing: @autoclosure () -> String, _ method: (OpaquePointer) -> Int32) throws(BrokerError) {
        try check(method(connection.handle), doing())
    }

    private func check(_ status: Int32, _ doing: @autoclosure () -> String) throws(BrokerError) {
        guard status != 0 else { return }
        let error = connection.error(doing())
        if status == Int32(CAMQP_FAILED_CHANNEL_CLOSED.rawValue) {
            try connection.check(camqp_reopen_channel(connection.handle), "opening a channel again")
        }
        throw error
    }

    /// Reads events until `body` returns true, for 10 s at most.
    private func awaitEvents(
        _ doing: @autoclosure () -> String, _ body: (UnsafePointer<camqp_event>) throws(BrokerError) -> Bool
    ) throws(BrokerError) {
        let deadline = MonotonicTime.now + .seconds(Int(AMQPConnection.Limits.rpcTimeoutSeconds))
        while true {
            try check(camqp_flush(connection.handle), doing())
            let count = try readEvents(doing())
            for index in 0..<count where try body(connection.event(index)) { return }
            let left = deadline - .now
            guard left > .zero else { throw BrokerError(.timeout, doing: doing(), text: "no answer within 10 s") }
            _ = camqp_wait(connection.handle, -1, true, left.nanoseconds)
        }
    }

    private func readEvents(_ doing: @autoclosure () -> String) throws(BrokerError) -> Int {
        do throws(BrokerError) {
            return try connection.read()
        } catch {
            guard camqp_last_failure(connection.handle)?.pointee.kind == CAMQP_FAILED_CHANNEL_CLOSED else { throw error }
            try check(Int32(CAMQP_FAILED_CHANNEL_CLOSED.rawValue), doing())
            throw error
        }
    }
}
