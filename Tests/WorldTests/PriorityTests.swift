import Scoring
import Testing
import World

/// Priorities of the world's own mix of jobs.
@Suite("Priorities")
struct PriorityTests {
    /// The scorer with its control, which keeps what it decided.
    private struct Recorder: DeliveryPolicy {
        let scorer = Scorer(model: nil, ladder: .standard)
        var control = PolicyControl()
        var health = LiveHealth()
        var workspace = ScoringWorkspace()
        var decided: [(job: Job, decision: Decision)] = []

        mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
            health.advance(to: now)
            let decision = scorer.decide([PendingJob(job: job)], now: now, health: health, control: &control, workspace: &workspace)[0]
            decided.append((job, decision))
            switch decision.kind {
            case .dispatch: return .attempt(provider: decision.provider, afterMilliseconds: 0)
            case .retry: return .reconsider(afterMilliseconds: decision.delayMilliseconds)
            case .giveUp: return .giveUp
            }
        }

        mutating func observe(_ outcome: Outcome) {
            health.observe(outcome)
        }
    }

    @Test("High is scarce; of what is due now, for codes and alerts, and low for what can wait", arguments: [Scenario.default, .overload])
    func mix(scenario: Scenario) {
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 8000
        configuration.days = 1
        configuration.scenario = scenario
        var recorder = Recorder()
        _ = ClosedLoop(configuration).run(&recorder)
        let decided = recorder.decided.filter { $0.decision.kind != .giveUp }
        let high = Double(decided.count { $0.decision.priority == .high }) / Double(decided.count)
        #expect((0.15...0.22).contains(high), "\(high)")
        // What waits in a backlog is high for its age.
        var counts: [Priority: [TemplateType: Double]] = [:]
        for (job, decision) in decided where decision.decidedAt - job.sendTime < 60_000 {
            counts[decision.priority, default: [:]][job.templateType, default: 0] += 1
        }
        func total(_ priority: Priority) -> Double { counts[priority, default: [:]].values.reduce(0, +) }
        func share(_ types: Set<TemplateType>, of priority: Priority) -> Double {
            types.reduce(0) { $0 + counts[priority, default: [:]][$1, default: 0] } / total(priority)
        }
        #expect(total(.high) > 100 && share([.otp, .alert], of: .high) > 0.95, "\(counts)")
        #expect(total(.low) > 100 && share([.marketing], of: .low) > 0.8, "\(counts)")
    }
}
