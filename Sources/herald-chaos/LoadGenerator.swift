import Broker
import Foundation
import Logging

/// Publishes jobs at a steady rate, through whatever happens to the broker, and enters in the ledger which it has confirmed.
final class LoadGenerator: Sendable {
    private struct State {
        var published = 0
        /// Publish at least so many.
        var goal: Int
        /// Whether to go on beyond the goal.
        var goesOn = true
        var isDone = false
    }

    /// Jobs that may be under way, so that an outage does not fill the broker.
    private static let mostUnderWay = 30_000
    private static let batch = 100

    private let publisher: Publisher
    private let queue: String
    private let ledger: JobLedger
    private let rate: Int
    private let state: Monitor<State>

    init(to queue: String, at url: BrokerURL, ledger: JobLedger, goal: Int, rate: Int) throws {
        var configuration = PublisherConfiguration(url: url, connectionName: "herald chaos: jobs")
        configuration.reconnectWait = (.milliseconds(20), .milliseconds(50))
        publisher = try Publisher(configuration, logger: .silent)
        self.queue = queue
        self.ledger = ledger
        self.rate = rate
        state = Monitor(State(goal: goal))
    }

    func start() throws {
        try publisher.start()
        try DedicatedThread.detach(name: "chaos-load") { [self] in
            run()
            state.update { $0.isDone = true }
        }
    }

    /// Jobs handed over so far.
    var published: Int { state.withLock { $0.published } }

    /// Messages that the publisher has sent again, because a lost connection left them unconfirmed: the broker may have had them already.
    var repeated: Int { publisher.state.republished }

    /// Publishes up to the goal, waits for the last confirm and closes.
    ///
    /// - Returns: jobs published, all confirmed.
    func finish() throws -> Int {
        state.update { $0.goesOn = false }
        _ = state.wait { $0.isDone ? true : nil }
        let isConfirmed = publisher.waitUntil(deadline: .now + .seconds(60)) { $0.pending == 0 }
        publisher.close()
        guard isConfirmed else { throw ChaosError("\(publisher.state.pending) jobs are not confirmed 60 s after the last fault") }
        return published
    }

    private func run() {
        var due = MonotonicTime.now
        while true {
            let (start, goesOn) = state.withLock { ($0.published, $0.goesOn || $0.published < $0.goal) }
            guard goesOn else { return }
            ledger.grow(to: start + Self.batch)
            let bodies = JobText(now: Date())
            let messages = (start..<start + Self.batch).map { number in
                OutgoingMessage(
                    routingKey: queue, messageID: JobLedger.id(number), contentType: "application/json",
                    body: MessageBody(bodies.job(number, id: JobLedger.id(number))))
            }
            publisher.publish(messages) { [ledger] indices, result in
                // Nothing else can come of a queue that exists and a publisher that is not closed; what is not confirmed is missed.
                if result == .confirmed { ledger.confirm(indices.map { start + $0 }) }
            }
            state.update { $0.published = start + Self.batch }
            _ = ledger.wait(seconds: 600) { start - $0.seenCount < Self.mostUnderWay }
            // Steady, without making up for a pause.
            due = max(due + .seconds(Double(Self.batch) / Double(rate)), .now)
            let pause = (due - .now) / .microseconds(1)
            if pause > 0 { usleep(UInt32(pause)) }
        }
    }
}

extension Logger {
    /// Says nothing: what the tool's own connections see while servers come and go is no news.
    static var silent: Logger { Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() } }
}
