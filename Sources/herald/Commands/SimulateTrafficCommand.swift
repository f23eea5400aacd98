import ArgumentParser
import Broker
import Logging
import Scoring
import Streaming

/// `herald simulate traffic`: feeds jobs into `herald.jobs` at a steady rate.
struct SimulateTrafficCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic", abstract: "Publish new jobs to herald.jobs, with confirms, until SIGTERM, --count or --duration.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var world: WorldOptions
    @OptionGroup var speed: SpeedOptions
    @OptionGroup var progress: ProgressOptions

    @Option(help: "New notifications a second, in real time.")
    var rate = 1000.0

    @Option(help: "Stop after so many jobs.")
    var count: Int?

    @Option(help: "Stop after so many seconds.")
    var duration: Double?

    @Option(help: "Share of messages that are cut in the middle, so that they go to quarantine, 0 to 1.")
    var malformed = 0.0

    @Option(help: "Beginning of every notification id; runs that share a database need different ones (default: from the clock).")
    var prefix: String?

    func validate() throws {
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be above 0 and at most 1 000 000") }
        guard (0...1).contains(malformed) else { throw ValidationError("--malformed must be 0 to 1") }
        guard count ?? 1 > 0 else { throw ValidationError("--count must be above 0") }
        guard (duration ?? 1).isWithinAMonth else { throw ValidationError("--duration must be above 0 and at most 2 678 400 s") }
    }

    func run() async throws {
        let configuration = try await options.load(more: speed.settings(beside: options.assignments))
        let stop = await StopSignal()
        try await BlockingWork.run { [self] in try publish(configuration, until: stop) }
    }

    private func publish(_ configuration: HeraldConfiguration, until stop: StopSignal) throws {
        let logger = configuration.makeLogger("traffic")
        let url = try configuration.brokerURL()
        guard try Startup(logger: logger, stop: stop).declare(configuration.streaming().topology, at: url) else { return }
        let publisher = try Publisher(PublisherConfiguration(url: url, connectionName: "herald simulate traffic"), logger: logger)
        try publisher.start()

        let names = QueueNames(prefix: configuration.broker.queuePrefix)
        let start = configuration.clock.now
        let stage = try StagingExchange(
            url: url, names: names, scenario: world.scenario, clock: configuration.clock, logger: logger)
        try stage.start()
        defer { stage.close() }
        var source = JobSource(
            seed: world.seed, perSecond: rate / Double(configuration.clock.speed), staging: stage.staging,
            prefix: prefix ?? "t\(String(start.milliseconds, radix: 36))-", limit: count ?? .max)
        var meter = RateMeter()
        var line = StatusLine(progress.style)
        var nextStatus = MonotonicTime.now
        let end = duration.map { MonotonicTime.now + .seconds($0) }
        while !source.isExhausted, !line.hasLostItsReader, end.map({ MonotonicTime.now < $0 }) ?? true {
            // Short steps, so that jobs leave when they are due and latencies mean something.
            if stop.wait(for: .milliseconds(5)) { break }
            let jobs = source.take(dueBy: configuration.clock.now, playing: stage.staging)
            publisher.publish(messages(of: jobs, to: names.jobs, ordinal: source.taken - jobs.count)) { _, _ in }
            if MonotonicTime.now >= nextStatus {
                show(publisher, of: source, &meter, on: &line)
                nextStatus = nextStatus + .seconds(1)
            }
        }
        publisher.close(patience: .seconds(15))
        show(publisher, of: source, &meter, on: &line, isLast: true)
        let lost = source.taken - publisher.state.confirmed
        guard lost == 0 else {
            logger.error("\(lost) jobs were not confirmed by the broker")
            throw ExitCode(3)
        }
    }

    /// Cuts every so manieth message in the middle, as `--malformed` says.
    private func messages(of jobs: [Job], to queue: String, ordinal: Int) -> [OutgoingMessage] {
        jobs.enumerated().map { index, job in
            let number = Double(ordinal + index)
            let isCut = (number * malformed).rounded(.down) != ((number + 1) * malformed).rounded(.down)
            let body = JobEncoder.json(job)
            return OutgoingMessage(
                routingKey: queue, messageID: job.jobID, contentType: "application/json",
                body: MessageBody(isCut ? Array(body.prefix(body.count / 2)) : body))
        }
    }

    private func show(
        _ publisher: Publisher, of source: JobSource, _ meter: inout RateMeter, on line: inout StatusLine, isLast: Bool = false
    ) {
        let confirmed = publisher.state.confirmed
        let status = TrafficStatus(published: confirmed, jobsPerSecond: meter.update(confirmed))
        line.show(status.description, status, isLast: isLast)
    }
}
