internal import Broker
package import Metrics
internal import Scoring

/// What a scorer counts for whoever watches it, through swift-metrics.
///
/// Every series whose labels come from a closed vocabulary is made at the start, so that it is there from 0 on and costs an addition; what
/// a batch comes to is added up first.
package final class ScorerMetrics: Sendable {
    /// A step of a batch; raw values are the words of the label.
    enum Stage: String, CaseIterable, Sendable {
        /// From bytes to jobs.
        case decode
        /// Features, the model's margins, the policy.
        case score
        /// Handing the decisions over to the publisher, which blocks while too many wait.
        case publish
        /// From handing over until the broker has confirmed the last of them.
        case confirm
        /// From handing the records over until the last is durable.
        case log
        /// From the batch's arrival until its last job is acknowledged.
        case ack
    }

    private let factory: any MetricsFactory
    /// By action, priority and channel.
    private let decisions: [Counter]
    /// Without a model, and because it took too long.
    private let noModel: Counter
    private let latencyBudget: Counter
    /// By status and channel.
    private let outcomes: [Counter]
    private let lag: Timer
    private let batchJobs: Recorder
    private let stages: [Timer]
    private let inFlight: Gauge
    private let brokerUp: Gauge
    private let databaseUp: Gauge
    private let spooled: Counter
    private let drained: Counter
    private let decisionsWaiting: Gauge
    private let outcomesWaiting: Gauge
    private let healthCounted: Counter
    private let healthLate: Counter
    private let healthDuplicate: Counter
    private let healthDropped: Counter
    /// As they were last told.
    private let healthCounts = Monitor(LiveHealth.Counts())
    private let modelSwapped: Counter
    private let modelRefused: Counter
    private let routes: RouteMetrics
    private let speed: Double
    private let model: Monitor<ModelInUse>

    private struct ModelInUse: Sendable {
        var version = ""
        var series: Gauge?
    }

    /// - Parameters:
    ///   - factory: the backend; by default the process's.
    ///   - speed: simulated milliseconds in a real one.
    package init(factory: any MetricsFactory = MetricsSystem.factory, speed: Int = 1) {
        self.factory = factory
        self.speed = Double(speed)
        func counter(_ name: String, _ labels: [(String, String)]) -> Counter {
            Counter(label: name, dimensions: labels, factory: factory)
        }
        func gauge(_ name: String, _ labels: [(String, String)] = []) -> Gauge { Gauge(label: name, dimensions: labels, factory: factory) }
        decisions = DecisionKind.allCases.flatMap { kind in
            Priority.allCases.flatMap { priority in
                Channel.allCases.map { channel in
                    counter(
                        "herald_decisions_total",
                        [("action", kind.rawValue), ("priority", priority.rawValue), ("channel", channel.rawValue)])
                }
            }
        }
        noModel = counter("herald_degraded_decisions_total", [("reason", DecisionReason.noModel.rawValue)])
        latencyBudget = counter("herald_degraded_decisions_total", [("reason", DecisionReason.latencyBudget.rawValue)])
        outcomes = DeliveryStatus.reported.flatMap { status in
            Channel.allCases.map { counter("herald_outcomes_total", [("status", status.rawValue), ("channel", $0.rawValue)]) }
        }
        lag = Timer(label: "herald_decision_lag_seconds", dimensions: [], factory: factory)
        batchJobs = Recorder(label: "herald_batch_jobs", dimensions: [], aggregate: true, factory: factory)
        stages = Stage.allCases.map { Timer(label: "herald_stage_seconds", dimensions: [("stage", $0.rawValue)], factory: factory) }
        inFlight = gauge("herald_jobs_in_flight")
        brokerUp = gauge("herald_broker_up")
        databaseUp = gauge("herald_database_up")
        spooled = counter("herald_spool_records_total", [("way", "in")])
        drained = counter("herald_spool_records_total", [("way", "out")])
        decisionsWaiting = gauge("herald_log_queue_records", [("log", "decisions")])
        outcomesWaiting = gauge("herald_log_queue_records", [("log", "outcomes")])
        func health(_ result: String) -> Counter { counter("herald_live_health_outcomes_total", [("result", result)]) }
        healthCounted = health("counted")
        healthLate = health("late")
        healthDuplicate = health("duplicate")
        healthDropped = health("dropped")
        modelSwapped = counter("herald_model_changes_total", [("result", "swapped")])
        modelRefused = counter("herald_model_changes_total", [("result", "refused")])
        routes = RouteMetrics(factory: factory)
        model = Monitor(ModelInUse())
    }

    // MARK: Counting

    /// Counts the decisions of a batch.
    ///
    /// - Parameter rules: why the rules decided in place of a model; `nil` = they did not.
    func record(_ batch: DecodedBatch<PendingJob>, _ decisions: [Decision], rules: DecisionReason?) {
        var counts = [Int](repeating: 0, count: self.decisions.count)
        for (pending, decision) in zip(batch.messages, decisions) {
            counts[Self.index(decision, pending.job.channel)] += 1
            // A job that comes back was due long ago: what it waited is what was decided.
            if pending.previous == nil {
                lag.recordNanoseconds(Int64(Double(max(0, decision.decidedAt - pending.job.sendTime)) / speed * 1e6))
            }
        }
        for (index, count) in counts.enumerated() where count > 0 { self.decisions[index].increment(by: count) }
        if !decisions.isEmpty { batchJobs.record(decisions.count) }
        switch rules {
        case nil: break
        case .latencyBudget: latencyBudget.increment(by: decisions.count)
        default: noModel.increment(by: decisions.count)
        }
    }

    /// Counts outcomes that were taken for the log.
    func record(_ outcomes: [Outcome]) {
        var counts = [Int](repeating: 0, count: self.outcomes.count)
        for outcome in outcomes {
            guard let status = outcome.status.position else { continue }
            counts[status * Channel.allCases.count + outcome.channel.metricPosition] += 1
        }
        for (index, count) in counts.enumerated() where count > 0 { self.outcomes[index].increment(by: count) }
    }

    /// Counts a message that goes to quarantine.
    ///
    /// - Parameter reason: one of `MessageDefect`'s.
    func recordQuarantined(_ reason: String, count: Int = 1) {
        // Seldom enough to look the series up.
        Counter(label: "herald_quarantined_total", dimensions: [("reason", reason)], factory: factory).increment(by: count)
    }

    /// Counts log records that the spool has taken in place of the database.
    func recordSpooled(_ count: Int) { spooled.increment(by: count) }

    /// Counts log records that went from the spool to the database.
    func recordDrained(_ count: Int) { drained.increment(by: count) }

    /// Counts what live health has done with outcomes since it was last told.
    ///
    /// - Parameter counts: since the start.
    func recordHealth(_ counts: LiveHealth.Counts) {
        healthCounts.withLock { before in
            // What counts from its arrival on is counted as late alone.
            healthCounted.increment(by: max(0, counts.counted - counts.late - before.counted + before.late))
            healthLate.increment(by: max(0, counts.late - before.late))
            healthDuplicate.increment(by: max(0, counts.duplicate - before.duplicate))
            healthDropped.increment(by: max(0, counts.dropped - before.dropped))
            before = counts
        }
    }

    func record(_ stage: Stage, _ duration: Duration) {
        stages[stage.position].recordNanoseconds(duration.nanoseconds)
    }

    /// Counts what a look at the registry came to.
    package func record(_ finding: ChampionWatch.Finding) {
        switch finding {
        case .swapped: modelSwapped.increment()
        case .refused: modelRefused.increment()
        case .unchanged, .vacant, .unavailable: break
        }
    }

    // MARK: Gauges

    /// What the gauges show.
    struct Reading {
        var inFlight: Int
        var isConsuming: Bool
        var isDatabaseAvailable: Bool
        var decisionsWaiting: Int
        var outcomesWaiting: Int
        var modelVersion: String
        var breakers: [(provider: String, state: CircuitBreaker.State)]
    }

    /// Brings the gauges up to date.
    func show(_ reading: Reading) {
        inFlight.record(reading.inFlight)
        brokerUp.record(reading.isConsuming ? 1 : 0)
        databaseUp.record(reading.isDatabaseAvailable ? 1 : 0)
        decisionsWaiting.record(reading.decisionsWaiting)
        outcomesWaiting.record(reading.outcomesWaiting)
        routes.show(reading.breakers)
        model.withLock { model in
            guard model.version != reading.modelVersion || model.series == nil else { return }
            model.series?.destroy()
            model.version = reading.modelVersion
            model.series = Gauge(label: "herald_model_info", dimensions: [("version", reading.modelVersion)], factory: factory)
            model.series?.record(1)
        }
    }

    private static func index(_ decision: Decision, _ channel: Channel) -> Int {
        (decision.kind.position * Priority.allCases.count + decision.priority.position) * Channel.allCases.count + channel.metricPosition
    }
}

// MARK: - Places in the arrays, in the order of `allCases`

extension ScorerMetrics.Stage {
    fileprivate var position: Int {
        switch self {
        case .decode: 0
        case .score: 1
        case .publish: 2
        case .confirm: 3
        case .log: 4
        case .ack: 5
        }
    }
}

extension DecisionKind {
    fileprivate var position: Int {
        switch self {
        case .dispatch: 0
        case .retry: 1
        case .giveUp: 2
        }
    }
}

extension Priority {
    fileprivate var position: Int {
        switch self {
        case .high: 0
        case .normal: 1
        case .low: 2
        }
    }
}

extension Channel {
    fileprivate var metricPosition: Int {
        switch self {
        case .email: 0
        case .sms: 1
        case .push: 2
        }
    }
}

extension DeliveryStatus {
    /// What an outcome can say.
    fileprivate static let reported = allCases.filter { $0 != .none }
    private static let positions = Dictionary(uniqueKeysWithValues: reported.enumerated().map { ($1, $0) })

    /// Its place in `reported`; `nil` for what no outcome says.
    fileprivate var position: Int? { Self.positions[self] }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
