internal import Broker
internal import Logging

/// Publishes until the broker has taken each message for good.
///
/// The publisher itself repeats what was nacked or cut off; here a message that came back because its queue is gone is tried again
/// after a pause, with the queues declared anew before.
final class Outbox: Sendable {
    private struct Returned: Sendable {
        var message: OutgoingMessage
        var confirmed: @Sendable () -> Void
    }

    /// Between tries of a returned message.
    private static let pause = Duration.seconds(1)
    /// Returned messages that may wait: more than can be in flight, so that the publisher's thread never blocks here.
    private static let capacity = 8192

    private let publisher: Publisher
    private let returned = BoundedQueue<Returned>(capacity: capacity)
    private let quarantine: String
    private let declare: @Sendable () throws -> Void
    private let logger: Logger
    private let metrics: ScorerMetrics

    /// - Parameters:
    ///   - quarantine: queue of what cannot be sent elsewhere.
    ///   - declare: declares the queues; called, at most once a `pause`, when a message came back.
    init(publisher: Publisher, quarantine: String, metrics: ScorerMetrics, logger: Logger, declare: @escaping @Sendable () throws -> Void) {
        self.publisher = publisher
        self.quarantine = quarantine
        self.metrics = metrics
        self.logger = logger
        self.declare = declare
    }

    func start() throws(BrokerError) {
        try publisher.start()
        try DedicatedThread.detach(name: "herald-returned") { [self] in retryReturned() }
    }

    /// Hands messages over; blocks while too many wait.
    ///
    /// `confirmed` comes with the positions of messages that the broker has taken, once for each.
    func publish(_ messages: [OutgoingMessage], confirmed: @escaping @Sendable ([Int]) -> Void) {
        guard !messages.isEmpty else { return }
        publisher.publish(messages) { [self] indices, result in
            switch result {
            case .confirmed: confirmed(indices)
            case .returned(let code, let text):
                for index in indices {
                    logger.debug("'\(messages[index].routingKey)' took no message (\(code) \(text))")
                    _ = returned.append(Returned(message: messages[index]) { confirmed([index]) }, weight: 1)
                }
            case .invalid(let error):
                for index in indices {
                    let message = unsendable(messages[index], because: error)
                    _ = returned.append(Returned(message: message) { confirmed([index]) }, weight: 1)
                }
            case .abandoned: break  // Closing: the job stays unacknowledged and comes again.
            }
        }
    }

    /// Nothing may stay unsettled: what AMQP cannot carry as it is goes to quarantine with nothing but its body.
    private func unsendable(_ message: OutgoingMessage, because error: BrokerError) -> OutgoingMessage {
        logger.error("a message for '\(message.routingKey)' cannot be sent and goes to quarantine: \(error)")
        metrics.recordQuarantined("unsendable")
        var headers = MessageHeaders()
        headers.set("x-herald-reason", "unsendable")
        return OutgoingMessage(routingKey: quarantine, headers: headers, body: message.body)
    }

    /// Closes the connection; what is not confirmed by now is abandoned.
    func close() {
        returned.close()
        publisher.close(patience: .zero)
    }

    private func retryReturned() {
        while let waiting = returned.takeAll() {
            let queues = Set(waiting.map(\.message.routingKey)).sorted().joined(separator: ", ")
            logger.warning("\(waiting.count) messages came back from the broker; declaring \(queues) and trying again")
            if returned.pause(for: Self.pause) { return }
            do {
                try declare()
            } catch {
                logger.error("cannot declare the queues: \(error)")
            }
            publish(waiting.map(\.message)) { for position in $0 { waiting[position].confirmed() } }
        }
    }
}
