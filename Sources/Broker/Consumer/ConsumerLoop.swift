import CAMQPShim
import Logging

/// What a consumer's thread does: connect, serve the connection until it breaks, wait, again.
struct ConsumerLoop {
    private let consumer: Consumer
    private let configuration: ConsumerConfiguration
    private var cursor: StreamCursor?
    private var backoff: Backoff
    private var generator = SystemRandomNumberGenerator()

    init(_ consumer: Consumer) {
        self.consumer = consumer
        configuration = consumer.configuration
        cursor = configuration.stream.map { StreamCursor($0) }
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
        // Only the process's first connection may follow upon a crash.
        let isCareful =
            configuration.suspectCount != nil && configuration.prefetch > 1 && consumer.shared.withLock { $0.state.generation == 0 }
        try connection.setPrefetch(isCareful ? 1 : configuration.prefetch, of: configuration.queue)
        let progress: StreamProgress?
        do throws(BrokerError) {
            progress = try attach(connection, isCareful: isCareful)
        } catch {
            if error.code == .notFound { cursor?.streamIsMissing(now: .now) }
            throw error
        }
        let generation = consumer.shared.update { shared in
            shared.state.generation += 1
            shared.state.lastError = nil
            shared.state.phase = .consuming
            return shared.state.generation
        }
        if generation > 1 || backoff.attempts > 0 {
            consumer.logger.info("consuming '\(configuration.queue)' again, connection \(generation)")
        }
        var session = ConsumerSession(consumer, generation: generation, progress: progress, isCareful: isCareful)
        do throws(BrokerError) {
            try session.run(connection)
        } catch {
            if error.code == .notFound { cursor?.streamIsGone() }
            throw error
        }
    }

    /// Begins to consume; for a stream, where the last connection stopped.
    private mutating func attach(_ connection: borrowing AMQPConnection, isCareful: Bool) throws(BrokerError) -> StreamProgress? {
        let (consumer, queue) = (consumer, configuration.queue)
        guard cursor != nil else {
            let tag = isCareful ? ConsumerSession.carefulConsumerTag : ConsumerSession.consumerTag
            try connection.check(connection.consume(queue, tag: tag, arguments: []), "consuming '\(queue)'")
            return nil
        }
        let end = try connection.streamEnd(of: queue, wakeup: consumer.wakeup) { !consumer.shared.withLock { $0.wantsStop } }
        let handedOut = consumer.shared.withLock { $0.state.streamOffset }
        guard let attachment = cursor?.attach(end: end, handedOut: handedOut, now: .now) else {
            throw BrokerError(.timeout, doing: "looking for the end of stream '\(queue)'", text: "it shows no messages")
        }
        if attachment.isNewStream {
            consumer.shared.update { $0.state.streamOffset = nil }
            if let handedOut {
                consumer.logger.warning("stream '\(queue)' was created anew: its offset \(handedOut) was read, it ends at \(end ?? -1)")
            }
        }
        try connection.check(
            connection.consume(queue, tag: ConsumerSession.consumerTag, arguments: [attachment.start.argument]), "consuming '\(queue)'")
        return StreamProgress(end: end, done: attachment.done, now: .now)
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
