import ArgumentParser
import Logging
import Metrics
import Scoring
import Sidecar
import Store
import Streaming

/// `herald score`: the consumer, the main job.
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score jobs from herald.jobs until SIGTERM: the main job.",
        discussion: """
            Stops within 5 s of SIGTERM or SIGINT with nothing in flight and exit code 0; exit code 3 when something could not be finished \
            in time (it stays unacknowledged and is delivered again). Metrics for Prometheus and the state of health are served at \
            metrics.host and metrics.port.
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        let configuration = try await options.load()
        let stop = await StopSignal()
        let exporter = PrometheusExporter.ofThisProcess(version: Herald.version)
        // Without a listener nobody could read what is counted.
        if configuration.metrics.port > 0 { MetricsSystem.bootstrap(exporter) }
        let watched = WatchedScorer(exporter)
        let listener = try await configuration.startMetrics(exporter) { watched.readiness }
        defer { listener?.stop() }
        try await BlockingWork.run { [progress] in try Self.score(configuration, watched, progress: progress, stop: stop) }
    }

    private static func score(
        _ configuration: HeraldConfiguration, _ watched: WatchedScorer, progress: ProgressOptions, stop: StopSignal
    ) throws {
        let logger = configuration.makeLogger("score")
        let alias = configuration.followedAlias
        // A model that is named is loaded here and stays; one that an alias stands for is looked for when the database is there.
        let model = try alias == nil ? configuration.scoring.model.map { try ArtifactFolder($0).load() } : nil
        let scorer = CurrentScorer(Scorer(model: model, ladder: configuration.scoring.ladder))
        let database = try configuration.openDatabase()
        let service = try ScoringService(
            configuration.streaming(), scorer: scorer, database: database, metrics: ScorerMetrics(speed: configuration.clock.speed),
            logger: logger, now: { configuration.clock.now })

        let startup = Startup(logger: logger, stop: stop)
        guard try startup.declare(configuration.streaming().topology, at: configuration.brokerURL()),
            try startup.prepare(database, retentionDays: configuration.database.retentionDays, schema: model?.schema)
        else { return }
        let watch = alias.map { alias in
            let registry = Registry(folder: configuration.modelsFolder, database: configuration.registryStore == .disk ? nil : database)
            return ChampionWatch(registry, alias, for: scorer, logger: logger, now: { .now }) { model in
                try database.register(schema: model.schema.fingerprint, features: model.schema.names)
            } found: {
                service.metrics.record($0)
            }
        }
        guard try startup.awaitAnswer(of: watch) else { return }
        guard try startup.runUnlessStopped({ service.restoreHealth() }) else { return }
        try service.start()
        watched.start(service)
        try watch?.start()
        defer { watch?.stop() }
        logger.info("scoring with model \(scorer.scorer.modelVersion)")

        var line = StatusLine(progress.style)
        var rate = RateMeter()
        while !line.hasLostItsReader, !stop.wait(for: .seconds(1)) { show(service, scorer, &rate, on: &line) }
        show(service, scorer, &rate, on: &line, isLast: true)

        watched.stop()
        let report = service.stop(within: configuration.scoring.drainTimeout)
        guard report.unfinished == 0 else {
            logger.error("\(report.unfinished) messages could not be finished in time; they stay unacknowledged and are delivered again")
            throw ExitCode(3)
        }
        guard report.isClosed else {
            logger.error("the broker did not take the last acknowledgements in time; it may deliver their messages again")
            throw ExitCode(3)
        }
        logger.info("stopped with nothing in flight")
    }

    private static func show(
        _ service: ScoringService, _ scorer: CurrentScorer, _ rate: inout RateMeter, on line: inout StatusLine, isLast: Bool = false
    ) {
        let status = ScorerStatus(
            jobsPerSecond: rate.update(service.statistics.snapshot.decided), counts: service.statistics.snapshot, health: service.health,
            model: scorer.scorer.modelVersion)
        line.show(status.description, status, isLast: isLast)
    }
}
