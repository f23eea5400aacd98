import Broker
import Logging
import Scoring
import World

/// Workers on the three dispatch queues that share one world, and one publisher for what they report.
///
/// A dispatched job is acknowledged when its outcome, and the next attempt of a failed one, are confirmed by the broker.
final class DeliveryWorkers: Sendable {
    /// What the three queues' threads share.
    private struct State {
        var world: World
        var staging: Staging
        var loads = ProviderLoads()
        var status = ProvidersStatus()
        /// Queues whose thread has not come to its end.
        var running = 0

        /// Changes the world where another scenario is played; the providers' queues stay as full as they are.
        mutating func adopt(_ staging: Staging) {
            guard staging != self.staging else { return }
            self.staging = staging
            world = World(
                seed: world.seed, scenario: staging.scenario, opening: staging.opening,
                notificationsPerSecond: world.notificationsPerSecond)
        }
    }

    private let names: QueueNames
    private let stage: StagingExchange
    private let clock: SimulationClock
    private let consumers: [Consumer]
    private let publisher: Publisher
    private let state: Monitor<State>
    private let logger: Logger

    /// - Parameters:
    ///   - notificationsPerSecond: what the providers' capacities are made for, in the clock's time.
    ///   - stage: says which scenario is played.
    init(
        url: BrokerURL, names: QueueNames, seed: UInt64, notificationsPerSecond: Double, stage: StagingExchange, clock: SimulationClock,
        logger: Logger
    ) throws {
        let staging = stage.staging
        state = Monitor(
            State(
                world: World(
                    seed: seed, scenario: staging.scenario, opening: staging.opening, notificationsPerSecond: notificationsPerSecond),
                staging: staging))
        self.names = names
        self.stage = stage
        self.clock = clock
        self.logger = logger
        publisher = try Publisher(PublisherConfiguration(url: url, connectionName: "herald simulate providers"), logger: logger)
        consumers = try Priority.allCases.map { priority in
            var configuration = ConsumerConfiguration(
                url: url, queue: names.dispatch(priority.rawValue), connectionName: "herald simulate providers: \(priority.rawValue)")
            configuration.prefetch = 1000
            configuration.headers = ["x-herald-provider"]
            return try Consumer(configuration, logger: logger)
        }
    }

    /// What was done so far; attempts count once they are acknowledged.
    var status: ProvidersStatus { state.withLock { $0.status } }

    func start() throws {
        try publisher.start()
        for consumer in consumers {
            try consumer.start()
            state.update { $0.running += 1 }
            try DedicatedThread.detach(name: "herald-provider") { [self] in
                run(consumer)
                state.update { $0.running -= 1 }
            }
        }
    }

    /// Finishes what was taken, reports it, and closes.
    func stop() {
        for consumer in consumers { consumer.stop() }
        _ = state.wait(until: .now + .seconds(5)) { $0.running == 0 ? true : nil }
        publisher.close(patience: .seconds(10))
        for consumer in consumers { consumer.close() }
    }

    private func run(_ consumer: Consumer) {
        var decoder = JobDecoder()
        while let batch = consumer.next() {
            let attempts = batch.deliveries.map { attempt($0, with: &decoder) }
            report(attempts, on: consumer)
        }
    }

    /// One dispatched job after its attempt: what is to be published about it.
    private struct Attempt: Sendable {
        var tag: DeliveryTag
        var messages: [OutgoingMessage] = []
        var isDelivered = false
        var hasNext = false
    }

    private func attempt(_ delivery: Delivery, with decoder: inout JobDecoder) -> Attempt {
        var attempt = Attempt(tag: delivery.tag)
        let job: Job
        do throws(JobDefect) {
            job = try delivery.body.withUnsafeBytes { bytes throws(JobDefect) in try decoder.decode(bytes) }
        } catch {
            // Herald dispatches only what it could decode; what else lies in the queue is dropped, and said so.
            logger.error("dropping a dispatched message that is no job: \(error)")
            return attempt
        }
        let provider = delivery.header("x-herald-provider") ?? job.provider
        let now = clock.now
        let (world, result) = state.withLock { state in
            state.adopt(stage.staging)
            return (state.world, state.world.attempt(job, through: provider, at: now, loads: &state.loads))
        }
        let outcome = world.outcome(of: job, through: provider, at: now, result: result)
        attempt.messages.append(
            OutgoingMessage(
                exchange: names.outcomesExchange, routingKey: "", messageID: job.jobID, contentType: "application/json",
                body: MessageBody(JobEncoder.json(outcome))))
        attempt.isDelivered = result.isDelivered
        if let next = world.nextAttempt(of: job, through: provider, at: now, result: result) {
            attempt.messages.append(
                OutgoingMessage(
                    routingKey: names.jobs, messageID: next.jobID, contentType: "application/json", body: MessageBody(JobEncoder.json(next))
                ))
            attempt.hasNext = true
        }
        return attempt
    }

    /// Publishes what the attempts brought and acknowledges each when all its messages are confirmed.
    private func report(_ attempts: [Attempt], on consumer: Consumer) {
        let open = Monitor(attempts.map(\.messages.count))
        let owners = attempts.enumerated().flatMap { index, attempt in attempt.messages.map { _ in index } }
        for attempt in attempts where attempt.messages.isEmpty { finish(attempt, on: consumer) }
        publisher.publish(attempts.flatMap(\.messages)) { [self] indices, result in
            guard result == .confirmed else { return logger.error("a report was not taken by the broker: \(result)") }
            for owner in indices.map({ owners[$0] }) {
                let isDone = open.withLock { open in
                    open[owner] -= 1
                    return open[owner] == 0
                }
                if isDone { finish(attempts[owner], on: consumer) }
            }
        }
    }

    private func finish(_ attempt: Attempt, on consumer: Consumer) {
        consumer.acknowledge([attempt.tag])
        state.withLock { state in
            state.status.attempts += 1
            state.status.delivered += attempt.isDelivered ? 1 : 0
            state.status.nextAttempts += attempt.hasNext ? 1 : 0
        }
    }
}
