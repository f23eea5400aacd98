import Scoring
import Testing

/// Decisions with probabilities from outside.
struct ScorerProbabilityTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)

    @Test(arguments: DeliveryStatus.allCases, [-600_000, 0, 60_000] as [Int64])
    func theModelsOwnProbabilitiesGiveTheModelsDecision(_ status: DeliveryStatus, early: Int64) throws {
        let scorer = try ModelFixture.scorer([
            .init(feature: "delay_s", threshold: 1, below: 2, above: -2), .init(feature: "provider", threshold: 1, below: -1, above: 1),
        ])
        for (attempts, template) in TemplateType.allCases.enumerated() {
            var job = try JobFixture.firstAttempt("job-1", template, at: now)
            job.lastStatus = status
            job.previousAttempts = attempts
            job.sendTime = now + early
            let pending = PendingJob(job: job, previous: DecisionID(jobID: "x", previous: nil))
            let expected = try #require(scorer.decide([pending], now: now).first)
            var known = expected.actions.makeIterator()
            var workspace = ScoringWorkspace()
            var control: PolicyControl?
            let decision = scorer.decide(pending, now: now, control: &control, workspace: &workspace) { action in
                let next = known.next()
                #expect(next?.action == action)
                return next?.probability ?? .nan
            }
            #expect(decision.features.isEmpty)
            #expect(comparable(decision) == comparable(expected))
        }
    }

    /// Without features, and with something equal to itself in place of NaN.
    private func comparable(_ decision: Decision) -> Decision {
        var decision = decision
        decision.features = []
        if decision.probability.isNaN { decision.probability = -1 }
        return decision
    }

    @Test func noModelIsNeeded() throws {
        let scorer = Scorer(model: nil, ladder: .standard)
        var workspace = ScoringWorkspace()
        var control: PolicyControl?
        var asked: [CandidateAction] = []
        var job = try JobFixture.firstAttempt(at: now)
        let decision = scorer.decide(PendingJob(job: job), now: now, control: &control, workspace: &workspace) { action in
            asked.append(action)
            return action == CandidateAction(delayMilliseconds: 15_000, providerIndex: 1) ? 0.9 : 0.1
        }
        #expect(asked == decision.actions.map(\.action))
        #expect(asked.count == 18)
        #expect(decision.kind == .retry && decision.delayMilliseconds == 15_000 && decision.provider == "beta")
        #expect(decision.reason == .bestUtility && decision.probability == 0.9 && decision.model == "none" && decision.policy == "utility")
        job.expiresAt = now
        asked = []
        let expired = scorer.decide(PendingJob(job: job), now: now, control: &control, workspace: &workspace) { action in
            asked.append(action)
            return 1
        }
        #expect(expired.reason == .expired)
        #expect(asked.isEmpty)
    }
}
