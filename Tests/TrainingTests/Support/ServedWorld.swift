import Foundation
import Scoring
import Store
import Training
import World

/// Serving in a simulated world: jobs are decided by the scorer with live health, attempts are made, outcomes come late, shuffled and twice.
///
/// Decides as the scoring loop does (outcomes that have arrived, advance, decide) and keeps what it would log.
struct ServedWorld: DeliveryPolicy, Sendable {
    let scorer: Scorer
    /// Puts another decision in the place of the scorer's, with its propensity.
    private let explore: (@Sendable (Job, Decision) -> Decision)?
    /// Whether the rules decide in the model's place because it was too slow.
    private let isSlow: (@Sendable (Job) -> Bool)?
    /// Whether there are breakers, prices, budgets and exploration.
    private let isControlled: Bool
    private var control: PolicyControl
    private var generator = SeededGenerator(state: 7)
    private var health = LiveHealth()
    private var workspace = ScoringWorkspace()
    /// Decisions that sent a job to a retry queue, by job.
    private var previous: [String: DecisionID] = [:]
    /// Outcomes on their way, with the time of their arrival.
    private var travelling: [(arrival: Timestamp, outcome: Outcome)] = []

    private(set) var records: [DecisionRecord] = []
    /// As they arrived: some of them twice.
    private(set) var outcomes: [Outcome] = []
    var healthCounts: LiveHealth.Counts { health.counts }

    init(
        scorer: Scorer, isControlled: Bool = false, isSlow: (@Sendable (Job) -> Bool)? = nil,
        explore: (@Sendable (Job, Decision) -> Decision)? = nil
    ) {
        self.scorer = scorer
        self.isSlow = isSlow
        self.isControlled = isControlled
        self.explore = explore
        control = PolicyControl(of: scorer.policy)
        if isControlled { health.control = scorer.policy.control }
    }

    mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        receive(until: now)
        health.advance(to: now)
        let pending = PendingJob(job: job, previous: previous[job.jobID])
        let scorer = isSlow?(job) == true ? scorer.withoutModel(because: .latencyBudget) : scorer
        var decision =
            if isControlled {
                scorer.decide([pending], now: now, health: health, control: &control, workspace: &workspace)[0]
            } else {
                scorer.decide([pending], now: now, health: health, workspace: &workspace)[0]
            }
        if let explore { decision = explore(job, decision) }
        records.append(
            DecisionRecord(
                job: job, decision: decision, schemaFingerprint: decision.features.isEmpty ? nil : scorer.schema?.fingerprint,
                recipientHash: nil, source: .stream))
        switch decision.kind {
        case .dispatch: return .attempt(provider: decision.provider, afterMilliseconds: 0)
        case .giveUp: return .giveUp
        case .retry:
            previous[job.jobID] = decision.id
            return .reconsider(afterMilliseconds: decision.delayMilliseconds)
        }
    }

    mutating func observe(_ outcome: Outcome) {
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            let delay = Int64.random(in: 0..<LiveHealth.toleranceMilliseconds, using: &generator)
            travelling.append((outcome.occurredAt + delay, outcome))
        }
    }

    /// The outcomes that have arrived by `now`, in the order of arrival.
    private mutating func receive(until now: Timestamp) {
        let arrived = travelling.filter { $0.arrival <= now }.sorted { $0.arrival < $1.arrival }
        travelling.removeAll { $0.arrival <= now }
        for (arrival, outcome) in arrived {
            health.observe(outcome)
            health.advance(to: arrival)
            outcomes.append(outcome)
        }
    }

    /// Lets everything arrive, and puts it into a database: decisions in any order, outcomes in that of their arrival.
    mutating func log(to database: Database) throws {
        receive(until: Timestamp(milliseconds: .max / 2))
        var (decisions, outcomes) = (records.shuffled(using: &generator)[...], outcomes[...])
        while !decisions.isEmpty {
            let report = try database.insert(Array(decisions.prefix(1000)))
            guard report.rejected.isEmpty else { throw Refused(description: "\(report.rejected)") }
            decisions = decisions.dropFirst(1000)
        }
        while !outcomes.isEmpty {
            let report = try database.insert(Array(outcomes.prefix(1000)))
            guard report.rejected.isEmpty else { throw Refused(description: "\(report.rejected)") }
            outcomes = outcomes.dropFirst(1000)
        }
    }

    struct Refused: Error {
        let description: String
    }

    /// Half a day of 12 000 notifications, decided with a small model of the world's own attempts; made once.
    static func shared() throws -> ServedWorld { try half.get() }

    private static let half = Result {
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 12_000
        configuration.days = 0.5
        var served = ServedWorld(scorer: Scorer(model: try model(), ladder: .standard))
        _ = ClosedLoop(configuration).run(&served)
        return served
    }

    static func model() throws -> ScoringModel {
        let (manifest, model) = try artifact()
        return try ScoringModel(manifest: manifest, model: model)
    }

    /// The manifest and the trees of that model.
    static func artifact() throws -> (manifest: Manifest, model: [UInt8]) {
        let scratch = try Scratch()
        let world = World(seed: 1, scenario: .default)
        var log = AttemptLog(world: world)
        var bytes: [UInt8] = []
        try DatasetWriter(world: world).write(rows: 20_000, of: &log, to: { bytes += $0 })
        var configuration = TrainingConfiguration(
            dataPaths: [try scratch.write(String(decoding: bytes, as: UTF8.self))], modelsPath: "\(scratch.path)/served",
            createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = "small"
        configuration.maximumTrees = 12
        configuration.baselineForestTrees = 2
        configuration.resamples = 0
        _ = try Trainer(configuration).run { _ in }
        return (try Manifest(json: scratch.contents("served/small/manifest.json")), try scratch.contents("served/small/model.ubj"))
    }
}
