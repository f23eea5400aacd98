import Broker
import Foundation
import Logging
import Scoring
import World

/// How the processes of a simulation tell each other that another scenario is played from now on.
///
/// A fanout exchange; every process listens with a queue of its own, which the broker removes a minute after its end.
final class StagingExchange: Sendable {
    private let current: Monitor<Staging>
    private let consumer: Consumer
    private let queue: String
    private let url: BrokerURL
    private let clock: SimulationClock
    private let logger: Logger

    /// Declares the exchange and this process's queue, and begins with `scenario`, whose events begin now.
    init(url: BrokerURL, names: QueueNames, scenario: Scenario, clock: SimulationClock, logger: Logger) throws {
        current = Monitor(Staging(scenario: scenario, opening: clock.now))
        self.clock = clock
        queue = "\(Self.exchange(names)).\(getpid())"
        self.url = url
        self.logger = logger
        let admin = try BrokerAdmin(url)
        try admin.declare(exchange: Self.exchange(names))
        _ = try admin.declare(
            QueueDeclaration(name: queue, arguments: [.init("x-queue-type", "quorum"), .init("x-expires", 60_000)]))
        try admin.bind(queue: queue, to: Self.exchange(names))
        try admin.close()
        var configuration = ConsumerConfiguration(url: url, queue: queue, connectionName: "herald simulate: scenario")
        configuration.prefetch = 10
        configuration.batchSize = 1
        consumer = try Consumer(configuration, logger: logger)
    }

    /// What is played now.
    var staging: Staging { current.withLock { $0 } }

    /// Listens from now on.
    func start() throws {
        try consumer.start()
        try DedicatedThread.detach(name: "herald-scenario") { [self] in
            while let batch = consumer.next() {
                for delivery in batch.deliveries { adopt(delivery.body) }
                consumer.acknowledge(batch.tags)
            }
        }
    }

    /// Stops listening and removes the queue.
    func close() {
        consumer.close()
        do {
            let admin = try BrokerAdmin(url)
            _ = try admin.delete(queue: queue)
            try admin.close()
        } catch {
            logger.debug("queue \(queue) stays until the broker removes it: \(error)")
        }
    }

    /// Tells every process that listens; for each the events begin when it hears of it.
    static func announce(_ scenario: Scenario, url: BrokerURL, names: QueueNames) throws {
        var admin = try BrokerAdmin(url)
        try admin.declare(exchange: exchange(names))
        try admin.publish(
            OutgoingMessage(
                exchange: exchange(names), routingKey: "", contentType: "text/plain",
                body: MessageBody(Array(scenario.rawValue.utf8))))
        try admin.close()
    }

    private static func exchange(_ names: QueueNames) -> String { "\(names.prefix).simulation" }

    private func adopt(_ body: MessageBody) {
        guard let scenario = Scenario(rawValue: String(decoding: body.bytes, as: UTF8.self)) else {
            return logger.warning("a message that names no scenario was left out")
        }
        current.update { $0 = Staging(scenario: scenario, opening: clock.now) }
        logger.notice("the scenario is now '\(scenario.rawValue)'")
    }
}
