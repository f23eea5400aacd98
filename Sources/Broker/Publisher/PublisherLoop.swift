import CAMQPShim
import Logging

/// What a publisher's thread does: connect, serve the connection until it breaks, wait, again.
struct PublisherLoop {
    private let publisher: Publisher
    private var backlog: PublisherBacklog
    private var backoff: Backoff
    private var generator = SystemRandomNumberGenerator()

    init(_ publisher: Publisher) {
        self.publisher = publisher
        let configuration = publisher.configuration
        backlog = PublisherBacklog(publisher)
        backoff = Backoff(initial: configuration.reconnectWait.first, maximum: configuration.reconnectWait.longest)
    }

    consuming func run() {
        while true {
            let started = MonotonicTime.now
            do throws(BrokerError) {
                try serve()
                break
            } catch {
                if MonotonicTime.now - started > .seconds(5) { backoff.reset() }
                lose(error)
            }
            if isOver { break }
        }
        publisher.shared.update { $0.state.phase = .closed }
        backlog.takeInbox()
        backlog.abandonAll()
    }

    /// One connection from login to close; returns once closed on request.
    private mutating func serve() throws(BrokerError) {
        let configuration = publisher.configuration
        let connection = try AMQPConnection(configuration.url, name: configuration.connectionName)
        try connection.check(camqp_confirm_select(connection.handle), "asking for publisher confirms")
        let generation = publisher.shared.update { shared in
            shared.state.generation += 1
            shared.state.lastError = nil
            shared.state.phase = .publishing
            return shared.state.generation
        }
        if generation > 1 || backoff.attempts > 0 { publisher.logger.info("publishing again, connection \(generation)") }
        var session = PublisherSession(publisher)
        do throws(BrokerError) {
            try session.run(connection, &backlog)
        } catch {
            backlog.takeBack(session.takeUnanswered())
            throw error
        }
    }

    /// Says that the connection is lost, and waits.
    private mutating func lose(_ error: BrokerError) {
        publisher.shared.update { shared in
            shared.state.phase = .connecting
            shared.state.isBlocked = false
            shared.state.lastError = error
        }
        if isOver { return }
        let wait = backoff.next(using: &generator)
        if backoff.attempts.nonzeroBitCount == 1 {
            publisher.logger.warning(
                "\(error); attempt \(backoff.attempts), trying again", metadata: ["code": "\(error.code.rawValue)"])
        }
        let end = MonotonicTime.now + wait
        while MonotonicTime.now < end, !isOver {
            publisher.wakeup.sleep(end - MonotonicTime.now)
        }
    }

    /// Whether closing was asked for and there is nothing left to wait for.
    private var isOver: Bool {
        publisher.shared.withLock { shared in
            guard shared.wantsClose else { return false }
            return shared.state.pending == 0 || MonotonicTime.now >= (shared.closeDeadline ?? .now)
        }
    }
}
