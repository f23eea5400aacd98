import Broker
import Hummingbird
import Logging
import Metrics
import Monitoring
import Scoring
import Sidecar
import Store
import Streaming

/// What the sidecar's routes work with, and the threads behind it.
final class SidecarParts: Sendable {
    private let predictor: Predictor
    private let database: Database
    private let registry: Registry
    private let pool = BlockingPool()
    /// Queues, quarantine and events.
    private let observation: Observation
    /// Decisions, models and training runs.
    private let records: RecordRoutes
    private let metrics: MetricsRoute
    private let scorer: CurrentScorer
    private let health: HealthFollower
    private let log: PredictionLog
    private let watch: ChampionWatch?
    private let retentionDays: Int
    private let logger: Logger
    private let isStopped = Monitor(false)

    /// Puts the parts together; nothing connects yet.
    ///
    /// - Parameter file: the configuration's file, for training runs; `nil` = there is none.
    init(_ configuration: HeraldConfiguration, file: String?, logger: Logger) throws {
        // Before anything makes a metric.
        let exporter = PrometheusExporter.ofThisProcess(version: Herald.version)
        MetricsSystem.bootstrap(exporter)
        let alias = configuration.followedAlias
        let model = try alias == nil ? configuration.scoring.model.map { try ArtifactFolder($0).load() } : nil
        scorer = CurrentScorer(Scorer(model: model, ladder: configuration.scoring.ladder))
        database = try configuration.openDatabase()
        registry = Registry(folder: configuration.modelsFolder, database: configuration.registryStore == .disk ? nil : database)
        let streaming = try configuration.streaming()
        let clock = configuration.clock
        health = try HealthFollower(
            streaming, connectionName: "herald serve: recent outcomes", control: scorer.scorer.policy.control, database: database,
            logger: logger, now: { clock.now })
        log = PredictionLog(database: database, hasher: streaming.recipientHasher, logger: logger)
        predictor = Predictor(scorer: scorer, health: health, log: log) { clock.now }
        observation = Observation(
            streaming.brokerURL, topology: streaming.topology, management: try configuration.managementClient(), database: database,
            pool: pool, health: health.health, isFollowing: { [health] in health.isFollowing }, clock: { clock.now }, now: { .now },
            logger: logger)
        records = RecordRoutes(
            database: database, registry: registry, pool: pool, program: configuration.trainingProgram(file: file), logger: logger,
            policy: { [scorer] in scorer.scorer.policy }, decisionClock: { clock.now }, wallClock: { .now })
        watch = alias.map { [database, registry, scorer] alias in
            ChampionWatch(registry, alias, for: scorer, logger: logger, now: { .now }) { model in
                try database.register(schema: model.schema.fingerprint, features: model.schema.names)
            }
        }
        let gauges = SidecarGauges()
        exporter.beforeReading { [predictor] in gauges.show(predictor) }
        let reader = PerformanceReader(database)
        let performance = PerformanceCache(logger: logger) { version, threshold in
            try reader.report(on: version, threshold: threshold, asOf: clock.now)
        }
        metrics = MetricsRoute(exporter: exporter, scorer: scorer, performance: performance, pool: pool)
        retentionDays = configuration.database.retentionDays
        self.logger = logger
        if alias != nil { useMirror(configuration.scoring.model) }
    }

    /// Begins with the model that the models folder mirrors: the registry may be away.
    private func useMirror(_ path: String?) {
        guard let path else { return }
        do {
            let model = try ArtifactFolder(path).load()
            scorer.replace(with: Scorer(model: model, ladder: scorer.scorer.ladder))
            logger.info("model \(model.version) of \(path) is in use until the registry answers")
        } catch {
            logger.info("\(path) holds no model to begin with: \(error)")
        }
    }

    /// Also for the listener of its own.
    var healthRoute: HealthRoute { HealthRoute { [predictor] in predictor.degraded } }

    /// Every route that works with these parts.
    func addRoutes(to router: some RouterMethods<SidecarContext>) {
        healthRoute.add(to: router)
        OpenAPIRoute().add(to: router)
        SessionRoute().add(to: router)
        PredictRoute(predictor).add(to: router)
        InferenceRoute(predictor, serverVersion: Herald.version).add(to: router)
        records.add(to: router)
        observation.add(to: router)
        metrics.add(to: router)
    }

    /// Starts every thread; whatever is away comes in later.
    func start() throws {
        try log.start()
        try DedicatedThread.detach(name: "herald-health") { [self] in follow() }
        // Until it has answered nobody knows that it is there.
        log.note(databaseAnswers: false)
        try DedicatedThread.detach(name: "herald-database") { [self] in lookAfterDatabase() }
        try observation.start()
        try watch?.start()
        Task { [records] in await records.recover() }
    }

    /// Live health: what was saved, then what the broker's stream tells.
    private func follow() {
        health.restore()
        do {
            try health.start()
            health.run()
        } catch {
            logger.error("live health does not follow the outcomes: \(error)")
        }
    }

    /// Brings the database into the state that the routes need, as soon as it is there, and from then on asks every second whether it is.
    private func lookAfterDatabase() {
        var isPrepared = false
        var failures = 0
        repeat {
            do {
                if isPrepared {
                    _ = try database.ping()
                } else {
                    _ = try database.prepare(retentionDays: retentionDays)
                    isPrepared = true
                }
                log.note(databaseAnswers: true)
                if failures > 0 { logger.notice("the database answers") }
                failures = 0
            } catch {
                log.note(databaseAnswers: false)
                if failures % 30 == 0 { logger.warning("the database at \(database.url) is not ready: \(error)") }
                failures += 1
            }
        } while isStopped.wait(until: .now + .seconds(1), { $0 ? true : nil }) == nil
    }

    /// Ends a training run that goes on, every stream of events and every thread, without waiting for servers that do not answer.
    func stop() async {
        await records.stop()
        if !(await observation.stop()) { logger.info("the log was still being read at the end") }
        isStopped.update { $0 = true }
        watch?.stop()
        health.stop()
        log.close()
    }
}
