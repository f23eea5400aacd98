import CAMQPShim
import Logging

/// What a consumer's thread does: connect, serve the connection until it breaks, wait, again.
struct ConsumerLoop {
    private let consumer: Consumer
    private let configuration: ConsumerConfiguration
    private var backoff: Backoff
    private var generator = SystemRandomNumberGenerator()

    init(_ consumer: Consumer) {
        self.consumer = consumer
        configuration = consumer.configuration
        backoff = Backoff(initial: configuration.reconnectWait.first, maximum: configuration.reconnectWait.longest)
    }

    consuming func run() {
        while !consumer.shared.withLock({ $0.wantsStop }) {
            let started = MonotonicTime.now
            do throws(BrokerError) {
                try serve()
                break
            } catch {
                // A connection that lived a while was healthy: begin with short waits again.
                if MonotonicTime.now - started > .seconds(5) { backoff.reset() }
                lose(error)
            }
        }
        consumer.shared.update { shared in
            shared.state.phase = .closed
            shared.verdicts.removeAll()
        }
        // What has been handed out may still come back; nobody listens any more.
    }

    /// One connection from login to close; returns once closed on request.
    private mutating func serve() throws(BrokerError) {
        let connection = try AMQPConnection(
            configuration.url, name: configuration.connectionName, headers: configuration.headers,
            bodyLimit: configuration.bodyLimit, oversizedPrefix: configuration.oversizedPrefix)
        try connection.check(
            camqp_qos(connection.handle, UInt16(configuration.prefetch)), "setting the prefetch of '\(configuration.queue)'")
        try connection.check(
            camqp_consume(connection.handle, configuration.queue, ConsumerSession.consumerTag, nil, 0),
            "consuming '\(configuration.queue)'")
        let generation = consumer.shared.update { shared in
            shared.state.generation += 1
            shared.state.lastError = nil
            shared.state.phase = .consuming
            return shared.state.generation
        }
        if generation > 1 || backoff.attempts > 0 {
            consumer.logger.info("consuming '\(configuration.queue)' again, connection \(generation)")
        }
        var session = ConsumerSession(consumer, generation: generation)
        try session.run(connection)
    }

    /// Forgets what the lost connection delivered, says so, and waits.
    private mutating func lose(_ error: BrokerError) {
        let stops = consumer.shared.update { shared in
            shared.state.staleSettlements += shared.verdicts.count
            shared.verdicts.removeAll()
            shared.ready.removeAll()
            shared.holdsBatch = false
            shared.state.phase = .connecting
            shared.state.lastError = error
            return shared.wantsStop
        }
        if stops { return }
        let wait = backoff.next(using: &generator)
        if backoff.attempts.nonzeroBitCount == 1 {
            let hint = error.code == .notFound ? "; create it with 'herald topology declare'" : ""
            consumer.logger.warning(
                "\(error)\(hint); attempt \(backoff.attempts), trying again",
                metadata: ["queue": "\(configuration.queue)", "code": "\(error.code.rawValue)"])
        }
        // A wake-up that is no stop (a late settlement) must not shorten the wait.
        let end = MonotonicTime.now + wait
        while MonotonicTime.now < end, !consumer.shared.withLock({ $0.wantsStop }) {
            consumer.wakeup.sleep(end - MonotonicTime.now)
        }
    }
}
