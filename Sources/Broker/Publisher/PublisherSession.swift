import CAMQPShim
import Logging

/// One connection's time in a publisher's life: messages out, confirms in.
struct PublisherSession {
    /// Messages published between two looks at what the broker sends.
    private static let burst = 128
    /// Bytes that may wait in the output buffer before publishing pauses.
    private static let unsentLimit = 1024 * 1024

    private let publisher: Publisher
    private let configuration: PublisherConfiguration
    private var window: ConfirmWindow<Publication>
    private var settled: [ConfirmWindow<Publication>.Settled] = []
    private var isBlocked = false

    init(_ publisher: Publisher) {
        self.publisher = publisher
        configuration = publisher.configuration
        window = ConfirmWindow(
            limits: .init(messages: publisher.configuration.windowMessages, bytes: publisher.configuration.windowBytes))
    }

    /// Serves the connection; returns once it was closed on request.
    mutating func run(_ connection: borrowing AMQPConnection, _ backlog: inout PublisherBacklog) throws(BrokerError) {
        while true {
            let (wantsClose, pending, deadline) = backlog.takeInbox()
            let now = MonotonicTime.now
            if wantsClose {
                if pending == 0 { return try connection.close() }
                if let deadline, now >= deadline {
                    throw BrokerError(.timeout, doing: "closing the publisher", text: "\(pending) messages are not confirmed")
                }
            }
            backlog.queueRetries(now: now)
            try publish(connection, &backlog, now: now)
            try connection.check(camqp_flush(connection.handle), "publishing")
            try read(connection, &backlog)
            try checkConfirms(now: now)
            try connection.check(camqp_tick(connection.handle, now.nanoseconds), "keeping the connection alive")
            wait(connection, backlog, now: now, deadline: wantsClose ? deadline : nil)
        }
    }

    /// Everything without an answer, in order, once the connection is lost.
    mutating func takeUnanswered() -> [Publication] {
        window.takeUnanswered()
    }

    /// Whether a message could go out now.
    private func canPublish(_ connection: borrowing AMQPConnection, _ backlog: borrowing PublisherBacklog) -> Bool {
        guard !isBlocked, camqp_unsent(connection.handle) < Self.unsentLimit, let next = backlog.first else { return false }
        return window.hasRoom(for: next.message.footprint)
    }

    private mutating func publish(
        _ connection: borrowing AMQPConnection, _ backlog: inout PublisherBacklog, now: MonotonicTime
    ) throws(BrokerError) {
        guard !isBlocked, camqp_unsent(connection.handle) < Self.unsentLimit else { return }
        var count = 0
        while count < Self.burst, let publication = backlog.first {
            let message = publication.message
            guard window.hasRoom(for: message.footprint) else { return }
            backlog.removeFirst()
            count += 1
            if let defect = try send(message, connection) {
                report(publication, .invalid(defect))
            } else {
                window.publish(publication, bytes: message.footprint, now: now)
            }
        }
    }

    /// Puts one message into the output buffer.
    ///
    /// Returns why AMQP cannot carry it; throws if the connection must go.
    private func send(_ message: OutgoingMessage, _ connection: borrowing AMQPConnection) throws(BrokerError) -> BrokerError? {
        guard message.body.count <= configuration.bodyLimit else {
            return BrokerError(
                .invalidArgument, doing: "publishing to '\(message.routingKey)'",
                text: "the body has \(message.body.count) bytes, more than the limit of \(configuration.bodyLimit)")
        }
        let status = message.withPublication { camqp_publish(connection.handle, &$0) }
        if status == 0 { return nil }
        let error = connection.error("publishing to '\(message.routingKey)'")
        if error.code == .invalidArgument { return error }
        throw error
    }

    private mutating func read(_ connection: borrowing AMQPConnection, _ backlog: inout PublisherBacklog) throws(BrokerError) {
        while camqp_has_buffered_input(connection.handle) {
            let count = try connection.read()
            if count == 0 { break }
            let now = MonotonicTime.now
            for index in 0..<count { take(connection.event(index).pointee, connection, now: now) }
            try connection.check(camqp_reset_arena(connection.handle), "reading from the broker")
            report(&backlog, now: now)
        }
    }

    private mutating func take(_ event: camqp_event, _ connection: borrowing AMQPConnection, now: MonotonicTime) {
        switch camqp_event_kind(UInt32(event.kind)) {
        case CAMQP_EVENT_ACK:
            window.acknowledge(event.tag, multiple: event.multiple, into: &settled)
        case CAMQP_EVENT_NACK:
            window.refuse(event.tag, multiple: event.multiple, into: &settled)
        case CAMQP_EVENT_RETURN:
            let exchange = connection.text(event.exchange)
            let routingKey = connection.text(event.routing_key)
            let messageID = connection.text(event.message_id)
            let text = connection.text(event.text) ?? ""
            let isKnown = window.giveBack(code: Int(event.reply_code), text: text) {
                $0.matches(exchange: exchange, routingKey: routingKey, messageID: messageID)
            }
            if !isKnown { publisher.logger.error("the broker returned a message that is not in flight: \(text)") }
        case CAMQP_EVENT_BLOCKED:
            setBlocked(true, connection, now: now)
            publisher.logger.warning("the broker takes no messages: \(connection.text(event.text) ?? "alarm")")
        case CAMQP_EVENT_UNBLOCKED:
            setBlocked(false, connection, now: now)
            publisher.logger.info("the broker takes messages again")
        default:
            break
        }
    }

    private mutating func setBlocked(_ blocked: Bool, _ connection: borrowing AMQPConnection, now: MonotonicTime) {
        isBlocked = blocked
        window.restartClock(now: now)
        camqp_set_blocked(connection.handle, blocked)
        publisher.shared.update { $0.state.isBlocked = blocked }
    }

    /// Tells the callers what the window has settled, and makes room for them.
    private mutating func report(_ backlog: inout PublisherBacklog, now: MonotonicTime) {
        guard !settled.isEmpty else { return }
        var confirmed = 0
        var returned = 0
        var refused = 0
        var bytes = 0
        var together = ConfirmedTogether()
        for item in settled {
            switch item.answer {
            case .confirmed:
                confirmed += 1
                together.add(item.message)
            case .returned(let code, let text):
                returned += 1
                item.message.settle(.returned(code: code, text: text))
            case .refused:
                refused += 1
                backlog.retry(item.message, now: now)
                continue
            }
            bytes += item.bytes
        }
        together.report()
        settled.removeAll(keepingCapacity: true)
        publisher.shared.update { shared in
            shared.state.confirmed += confirmed
            shared.state.returned += returned
            shared.state.refusals += refused
            shared.state.pending -= confirmed + returned
            shared.pendingBytes -= bytes
        }
    }

    private func report(_ publication: Publication, _ result: PublishResult) {
        publication.settle(result)
        let bytes = publication.message.footprint
        publisher.shared.update { shared in
            shared.state.pending -= 1
            shared.pendingBytes -= bytes
        }
    }

    private func checkConfirms(now: MonotonicTime) throws(BrokerError) {
        guard !isBlocked, let since = window.waitingSince, now - since > configuration.confirmTimeout else { return }
        throw BrokerError(
            .timeout, doing: "publishing", text: "a message is unconfirmed after \(configuration.confirmTimeout)")
    }

    private func wait(
        _ connection: borrowing AMQPConnection, _ backlog: borrowing PublisherBacklog, now: MonotonicTime, deadline: MonotonicTime?
    ) {
        var timeout = AMQPConnection.Limits.tickNanoseconds
        for time in [backlog.nextRetry, deadline].compactMap(\.self) {
            timeout = min(timeout, max(0, (time - now).nanoseconds))
        }
        if canPublish(connection, backlog) { timeout = 0 }
        let sleeps = publisher.shared.withLock { shared in
            shared.sleeps = shared.inbox.isEmpty && !(shared.wantsClose && deadline == nil)
            return shared.sleeps
        }
        _ = camqp_wait(connection.handle, publisher.wakeup.descriptor, true, sleeps ? timeout : 0)
        publisher.shared.withLock { $0.sleeps = false }
    }
}
