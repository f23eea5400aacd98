internal import Broker
package import Logging
package import Scoring
package import Store

/// The main job as one thing to start and stop: connections, threads and the two loops, jobs and outcomes.
package final class ScoringService: Sendable {
    package let statistics: ScorerStatistics
    package let metrics: ScorerMetrics

    private let scorer: CurrentScorer
    private let jobs: Consumer
    private let outcomes: Consumer
    private let liveHealth: HealthFollower
    private let outbox: Outbox
    private let decisionLog: LogWriter<DecisionRecord>
    private let outcomeLog: LogWriter<Outcome>
    private let spoolDrain: SpoolDrain
    private let jobSettlement: Settlement
    private let outcomeSettlement: Settlement
    private let scoringLoop: ScoringLoop
    private let outcomeLoop: OutcomeLoop
    private let logger: Logger
    /// How long the first decision may wait for the outcomes of the last minutes.
    private static let replayTime = Duration.seconds(1)
    /// How long a stop may wait for the connections to close; with the longest drain still below the 5 s of the design.
    private static let closingTime = Duration.milliseconds(400)
    /// Loops that have not come to their end.
    private let running = Monitor(0)

    /// Puts the parts together; connects only in `start`.
    ///
    /// - Parameters:
    ///   - scorer: asked once a batch.
    ///   - metrics: counts what is done, for whoever watches.
    ///   - now: the wall clock.
    package init(
        _ configuration: StreamingConfiguration, scorer: CurrentScorer, database: Database, metrics: ScorerMetrics, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws {
        self.scorer = scorer
        self.metrics = metrics
        let statistics = ScorerStatistics(speed: configuration.speed)
        self.statistics = statistics
        jobs = try Consumer(configuration.jobConsumer, logger: logger)
        outcomes = try Consumer(configuration.outcomeConsumer, logger: logger)
        let topology = configuration.topology
        let url = configuration.brokerURL
        outbox = Outbox(
            publisher: try Publisher(configuration.publisher, logger: logger), quarantine: configuration.names.quarantine,
            metrics: metrics, logger: logger
        ) {
            let admin = try BrokerAdmin(url)
            try admin.declare(topology)
            try admin.close()
        }
        liveHealth = try HealthFollower(
            configuration, connectionName: "herald score: recent outcomes", control: scorer.scorer.policy.control, database: database,
            logger: logger, now: now
        ) { counts in
            statistics.recordHealth(counts)
            metrics.recordHealth(counts)
        }
        let spool = Spool(outbox: outbox, queue: configuration.names.logSpool, metrics: metrics)
        let decisionLog = LogWriter<DecisionRecord>(database, spool: spool, logger: logger)
        let outcomeLog = LogWriter<Outcome>(database, spool: spool, logger: logger)
        (self.decisionLog, self.outcomeLog) = (decisionLog, outcomeLog)
        spoolDrain = SpoolDrain(configuration, database: database, outbox: outbox, metrics: metrics, logger: logger) {
            decisionLog.isAvailable && outcomeLog.isAvailable
        }
        jobSettlement = Settlement(consumer: jobs)
        outcomeSettlement = Settlement(consumer: outcomes)
        scoringLoop = ScoringLoop(
            consumer: jobs, names: configuration.names, scorer: scorer, hasher: configuration.recipientHasher, health: liveHealth.health,
            outbox: outbox, log: decisionLog, settlement: jobSettlement, statistics: statistics,
            metrics: metrics, latencyBudget: configuration.latencyBudget, now: now, logger: logger)
        outcomeLoop = OutcomeLoop(
            consumer: outcomes, names: configuration.names, outbox: outbox, log: outcomeLog, settlement: outcomeSettlement,
            statistics: statistics, metrics: metrics, logger: logger)
        self.logger = logger
    }

    /// Brings back live health as it was saved; before `start`.
    ///
    /// May block as long as MongoDB does.
    package func restoreHealth() {
        liveHealth.restore()
    }

    /// Starts every thread; connections come up in the background and come back by themselves.
    package func start() throws {
        try outbox.start()
        try decisionLog.start()
        try outcomeLog.start()
        try jobs.start()
        try outcomes.start()
        try liveHealth.start()
        try startLoop(name: "herald-health") { [self] in liveHealth.run() }
        // Nothing waits for its end: a save that MongoDB holds up must not hold up a stop.
        try DedicatedThread.detach(name: "herald-keeper") { [liveHealth] in liveHealth.keep() }
        try startLoop(name: "herald-score") { [self] in
            if !liveHealth.awaitPresent(until: .now + Self.replayTime) {
                logger.info("deciding before all recent outcomes are read")
            }
            scoringLoop.run()
        }
        try startLoop(name: "herald-outcome") { [self] in outcomeLoop.run() }
        // Nor for this: what it has not acknowledged it moves again.
        try DedicatedThread.detach(name: "herald-drain") { [spoolDrain] in spoolDrain.run() }
    }

    private func startLoop(name: String, _ loop: @escaping @Sendable () -> Void) throws {
        running.update { $0 += 1 }
        try DedicatedThread.detach(name: name) { [self] in
            loop()
            running.update { $0 -= 1 }
        }
    }

    /// How a stop ended.
    package struct StopReport: Sendable {
        /// Messages that were not finished in time; the broker delivers them again to whoever consumes next.
        package var unfinished: Int
        /// Whether the broker has taken every acknowledgement; what it has not it delivers again.
        package var isClosed: Bool
    }

    /// Takes nothing new, finishes what is in flight, acknowledges it and closes.
    ///
    /// Blocks, `timeout` for what is in flight and `closingTime` longer for closing: a broker that has gone silent could hold that up
    /// until its connections time out.
    package func stop(within timeout: Duration) -> StopReport {
        let deadline = MonotonicTime.now + timeout
        jobs.stop()
        outcomes.stop()
        liveHealth.stop()
        spoolDrain.stop()
        awaitLoops(until: deadline)
        let unfinished = jobSettlement.awaitEmpty(until: deadline) + outcomeSettlement.awaitEmpty(until: deadline)
        return StopReport(unfinished: unfinished, isClosed: close(until: deadline + Self.closingTime))
    }

    /// Closes everything; `false` where that was not done by `deadline`.
    private func close(until deadline: MonotonicTime) -> Bool {
        let isClosed = Monitor(false)
        let close: @Sendable () -> Void = { [self] in
            // Closing the logs and the outbox also frees a loop that waits for room in them.
            decisionLog.close()
            outcomeLog.close()
            outbox.close()
            jobs.close()
            outcomes.close()
            liveHealth.close()
            awaitLoops(until: nil)
            isClosed.update { $0 = true }
        }
        do {
            try DedicatedThread.detach(name: "herald-close", close)
        } catch {
            // No thread to be had: rather a slow end than a hard one.
            close()
        }
        return isClosed.wait(until: deadline) { $0 ? true : nil } ?? false
    }

    private func awaitLoops(until deadline: MonotonicTime?) {
        _ = running.wait(until: deadline) { $0 == 0 ? true : nil }
    }

    /// Whether the parts can work right now, and what is in flight.
    package var health: Health {
        Health(
            isConsuming: jobs.state.isConsuming, isDatabaseAvailable: decisionLog.isAvailable && outcomeLog.isAvailable,
            inFlight: jobSettlement.inFlight)
    }

    /// Brings the gauges up to date; may wait for the batch that is being decided.
    package func updateMetrics() {
        let health = health
        metrics.recordHealth(liveHealth.health.counts)
        metrics.show(
            ScorerMetrics.Reading(
                inFlight: health.inFlight, isConsuming: health.isConsuming, isDatabaseAvailable: health.isDatabaseAvailable,
                decisionsWaiting: decisionLog.waitingCount, outcomesWaiting: outcomeLog.waitingCount,
                modelVersion: scorer.scorer.modelVersion, breakers: liveHealth.health.breakers))
    }

    /// The state of a scorer's connections.
    package struct Health: Sendable, Codable {
        package var isConsuming: Bool
        package var isDatabaseAvailable: Bool
        /// Jobs handed out and not yet acknowledged.
        package var inFlight: Int
    }
}
