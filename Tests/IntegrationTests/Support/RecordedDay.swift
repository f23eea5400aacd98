import Foundation
import Scoring
import Store
import World

/// What serving logs in some hours of a simulated world: decisions of the shared model and the outcomes of their attempts.
struct RecordedDay: DeliveryPolicy {
    private let scorer: Scorer
    private var health = LiveHealth()
    private var workspace = ScoringWorkspace()
    private var previous: [String: DecisionID] = [:]
    private(set) var records: [DecisionRecord] = []
    private(set) var outcomes: [Outcome] = []

    private init(scorer: Scorer) {
        self.scorer = scorer
    }

    /// Decides on `notifications` notifications within six hours, and on their retries.
    static func run(notifications: Int, ladder: DelayLadder) throws -> RecordedDay {
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = notifications
        configuration.days = 0.25
        var day = RecordedDay(scorer: Scorer(model: try ArtifactFolder(TrainedModel.shared().path).load(), ladder: ladder))
        _ = ClosedLoop(configuration).run(&day)
        return day
    }

    mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        health.advance(to: now)
        let pending = PendingJob(job: job, previous: previous[job.jobID])
        let decision = scorer.decide([pending], now: now, health: health, workspace: &workspace)[0]
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
        health.observe(outcome)
        outcomes.append(outcome)
    }

    /// Prepares the database to keep what is long ago, and fills it.
    func log(to database: Database) throws {
        try database.prepare(retentionDays: 3650)
        let rejected = try database.insert(records).rejected.count + database.insert(outcomes).rejected.count
        guard rejected == 0 else { throw Failure("\(rejected) records were refused") }
    }
}
