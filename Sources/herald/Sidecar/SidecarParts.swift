import Broker
import Logging
import Metrics
import Monitoring
import Scoring
import Sidecar
import Store
import Streaming

/// What the sidecar's routes work with, and the threads behind it.
final class SidecarParts: Sendable {
    let predictor: Predictor
    let database: Database
    let registry: Registry
    let pool = BlockingPool()
    /// Queues, quarantine and events.
    let observation: Observation
    let metrics: MetricsRoute

    private let scorer: CurrentScorer
    private let health: HealthFollower
    private let log: PredictionLog
    private let watch: ChampionWatch?
    private let retentionDays: Int
    private let logger: Logger
    private let isStopped = Monitor(false)

    /// Puts the parts together; nothing connects yet.
    init(_ configuration: HeraldConfiguration, logger: Logger) throws {
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

    /// Starts every thread; whatever is away comes in later.
    func start() throws {
        try log.start()
        try DedicatedThread.detach(name: "herald-health") { [self] in follow() }
        try DedicatedThread.detach(name: "herald-startup") { [self] in prepare() }
        try observation.start()
        try watch?.start()
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

    /// Brings the database into the state that the routes need, as soon as it is there.
    private func prepare() {
        var failures = 0
        while true {
            do {
                _ = try database.prepare(retentionDays: retentionDays)
                if failures > 0 { logger.notice("the database answers") }
                return
            } catch {
                if failures % 30 == 0 { logger.warning("the database at \(database.url) is not ready: \(error)") }
                failures += 1
            }
            if isStopped.wait(until: .now + .seconds(1), { $0 ? true : nil }) != nil { return }
        }
    }

    /// Ends every thread, without waiting for servers that do not answer.
    func stop() {
        isStopped.update { $0 = true }
        watch?.stop()
        health.stop()
        log.close()
    }
}
