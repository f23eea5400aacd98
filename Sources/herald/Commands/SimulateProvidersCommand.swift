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
            Where workers are running already, the command tells them and the traffic the scenario to play from now on, and ends.
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var world: WorldOptions
    @OptionGroup var speed: SpeedOptions
    @OptionGroup var progress: ProgressOptions

    @Option(help: "New notifications a second, in real time, that the providers' capacities are made for; as given to simulate traffic.")
    var rate = 1000.0

    @Flag(help: "Work beside workers that are running already, instead of telling them the scenario.")
    var join = false

    func validate() throws {
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be above 0 and at most 1 000 000") }
    }

    func run() async throws {
        let configuration = try await options.load(more: speed.settings(beside: options.assignments))
        let stop = await StopSignal()
        try await BlockingWork.run { [self] in try deliver(configuration, until: stop) }
    }

    private func deliver(_ configuration: HeraldConfiguration, until stop: StopSignal) throws {
        let logger = configuration.makeLogger("providers")
        let url = try configuration.brokerURL()
        guard try Startup(logger: logger, stop: stop).declare(configuration.streaming().topology, at: url) else { return }
        let names = QueueNames(prefix: configuration.broker.queuePrefix)
        if !join, try areWorkersRunning(at: url, names: names) {
            try StagingExchange.announce(world.scenario, url: url, names: names)
            print("the workers that are running play the scenario '\(world.scenario.rawValue)' from now on")
            return
        }
        let stage = try StagingExchange(url: url, names: names, scenario: world.scenario, clock: configuration.clock, logger: logger)
        try stage.start()
        defer { stage.close() }
        let workers = try DeliveryWorkers(
            url: url, names: names, seed: world.seed, notificationsPerSecond: rate / Double(configuration.clock.speed), stage: stage,
            clock: configuration.clock, logger: logger)
        try workers.start()
        var meter = RateMeter()
        var line = StatusLine(progress.style)
        func show(isLast: Bool = false) {
            var status = workers.status
            status.attemptsPerSecond = meter.update(status.attempts)
            line.show(status.description, status, isLast: isLast)
        }
        while !line.hasLostItsReader, !stop.wait(for: .seconds(1)) { show() }
        workers.stop()
        show(isLast: true)
    }

    private func areWorkersRunning(at url: BrokerURL, names: QueueNames) throws -> Bool {
        let admin = try BrokerAdmin(url)
        let consumers = try admin.depth(of: names.dispatch(Priority.high.rawValue)).consumers
        try admin.close()
        return consumers > 0
    }
}
