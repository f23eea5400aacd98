import ArgumentParser
import Broker
import Logging
import Scoring
import Streaming
import World

/// `herald simulate providers`: delivery workers, which take what was dispatched, let the world decide, and report.
struct SimulateProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers",
        abstract: "Play the delivery workers: take dispatched jobs, publish their outcomes and the next attempt of failed ones.",
        discussion: """
            Results are known at once; `occurred_at` says when they would have been, and a failed job's next attempt is due then.
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var world: WorldOptions
    @OptionGroup var progress: ProgressOptions

    @Option(help: "New notifications a second that the providers' capacities are made for; as given to simulate traffic.")
    var rate = 1000.0

    func validate() throws {
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be above 0 and at most 1 000 000") }
    }

    func run() async throws {
        let configuration = try await options.load()
        let stop = await StopSignal()
        try await BlockingWork.run { [self] in try deliver(configuration, until: stop) }
    }

    private func deliver(_ configuration: HeraldConfiguration, until stop: StopSignal) throws {
        let logger = configuration.makeLogger("providers")
        let url = try configuration.brokerURL()
        guard try Startup(logger: logger, stop: stop).declare(configuration.streaming().topology, at: url) else { return }
        let workers = try DeliveryWorkers(
            url: url, names: QueueNames(prefix: configuration.broker.queuePrefix),
            world: World(seed: world.seed, scenario: world.scenario, opening: .now, notificationsPerSecond: rate), logger: logger)
        try workers.start()
        var meter = RateMeter()
        var line = StatusLine(progress.style)
        func show(isLast: Bool = false) {
            var status = workers.status
            status.attemptsPerSecond = meter.update(status.attempts)
            line.show(status.description, status, isLast: isLast)
        }
        while !stop.wait(for: .seconds(1)) { show() }
        workers.stop()
        show(isLast: true)
    }
}
