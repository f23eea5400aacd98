package import Hummingbird
package import Logging
package import Scoring
package import Store

/// Decisions, models and training runs over HTTP, put together.
package struct RecordRoutes: Sendable {
    private let database: Database
    private let registry: Registry
    private let pool: BlockingPool
    private let desk: TrainingDesk
    private let policy: @Sendable () -> PolicyParameters
    private let decisionClock: @Sendable () -> Timestamp
    private let wallClock: @Sendable () -> Timestamp
    private let logger: Logger

    /// - Parameters:
    ///   - policy: the champion's parameters: what attempts cost.
    ///   - decisionClock: the clock of the decisions, which may be simulated.
    ///   - wallClock: for the models' history and training runs.
    package init(
        database: Database, registry: Registry, pool: BlockingPool, program: TrainingProgram, logger: Logger,
        policy: @escaping @Sendable () -> PolicyParameters, decisionClock: @escaping @Sendable () -> Timestamp,
        wallClock: @escaping @Sendable () -> Timestamp
    ) {
        self.database = database
        self.registry = registry
        self.pool = pool
        self.policy = policy
        self.decisionClock = decisionClock
        self.wallClock = wallClock
        self.logger = logger
        desk = TrainingDesk(database: database, registry: registry, program: program, pool: pool, logger: logger, now: wallClock)
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        PredictionsRoute(database: database, explainers: ExplainerShelf(registry), pool: pool).add(to: router)
        DecisionSummaryRoute(SummaryDesk(database, parameters: policy), pool: pool, now: decisionClock).add(to: router)
        // Apart from what waits for the database: the registry may lie on the disk.
        ModelsRoute(ModelCatalogue(registry), pool: BlockingPool(threads: 2), now: wallClock).add(to: router)
        TrainRoute(desk).add(to: router)
    }

    /// Ends what a sidecar that died has left as going on; where the database is away, the next order does it.
    package func recover() async {
        do {
            try await desk.recover()
        } catch {
            logger.info("training runs left behind are looked for with the next order: \(error)")
        }
    }

    /// Stops the run that is going on, within a second.
    package func stop() async {
        await desk.stop()
    }
}
