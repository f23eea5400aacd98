import Foundation
import Scoring
import Testing

/// Decisions: each reason, their order, their determinism.
struct ScorerTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)

    /// P = σ(2) at once, P = σ(−2) later, by either route.
    private static let nowIsBest = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 2, above: -2)]
    /// P = σ(−3) before ten minutes, σ(3) from then on.
    private static let laterIsBest = [ModelFixture.Stump(feature: "delay_s", threshold: 600, below: -3, above: 3)]
    /// Provider beta is better.
    private static let betaIsBest = [ModelFixture.Stump(feature: "provider", threshold: 1, below: -1, above: 1)]

    private func decide(
        _ job: Job, _ stumps: [ModelFixture.Stump] = nowIsBest, policy: PolicyParameters = PolicyParameters()
    ) throws
        -> Decision
    {
        let decisions = try ModelFixture.scorer(stumps, policy: policy).decide([PendingJob(job: job)], now: now)
        return try #require(decisions.first)
    }

    /// A first attempt that is due now, with a change.
    private func job(_ change: (inout Job) throws -> Void = { _ in }) throws -> Job {
        var job = try JobFixture.firstAttempt(at: now)
        try change(&job)
        return job
    }

    // MARK: Overrides

    @Test func overridesComeInTheirOrder() throws {
        var job = try job {
            $0.lastStatus = .delivered
            $0.expiresAt = now
            $0.previousAttempts = 100
            $0.sendTime = now + 3_600_000
        }
        var reasons: [DecisionReason] = [try decide(job).reason]
        job.lastStatus = .hardBounce
        reasons.append(try decide(job).reason)
        job.lastStatus = .unregistered
        reasons.append(try decide(job).reason)
        job.lastStatus = .softBounce
        reasons.append(try decide(job).reason)
        job.expiresAt = nil
        reasons.append(try decide(job).reason)
        job.previousAttempts = 7
        reasons.append(try decide(job).reason)
        job.sendTime = now
        reasons.append(try decide(job).reason)
        #expect(
            reasons == [
                .alreadyDelivered, .permanentFailure, .permanentFailure, .expired, .attemptsExhausted, .notDue, .bestUtility,
            ])
    }

    @Test(arguments: DeliveryStatus.allCases) func givingUpCarriesNoAction(_ status: DeliveryStatus) throws {
        let decision = try decide(job { $0.lastStatus = status })
        let isFinal = [.delivered, .hardBounce, .unregistered].contains(status)
        #expect((decision.kind == .giveUp) == isFinal)
        #expect(decision.actions.isEmpty == isFinal)
        #expect((decision.chosen == nil) == isFinal)
        #expect(decision.features.isEmpty == isFinal)
        #expect(decision.probability.isNaN == isFinal)
        #expect(decision.model == "v1")
        #expect(decision.policy == "utility")
        #expect(decision.propensity == 1)
        #expect(decision.decidedAt == now)
    }

    @Test func expiryCountsFromItsVeryMillisecond() throws {
        #expect(try decide(job { $0.expiresAt = now + 10_000 }).reason == .bestUtility)
        #expect(try decide(job { $0.expiresAt = now }).reason == .expired)
        // It will be expired when it is due.
        #expect(
            try decide(
                job {
                    $0.sendTime = now + 60_000
                    $0.expiresAt = now + 60_000
                }
            ).reason == .expired)
    }

    @Test(
        arguments: [
            (1000, nil), (1001, nil), (14_999, nil), (15_000, 15_000), (59_999, 15_000), (60_000, 60_000), (86_399_999, 43_200_000),
            (864_000_000, 86_400_000),
        ] as [(Int64, Int64?)])
    func aJobThatIsNotDueWaitsForTheLongestStepThatDoesNotOvershoot(_ early: Int64, _ wait: Int64?) throws {
        let decision = try decide(job { $0.sendTime = now + early })
        #expect(decision.reason == (wait == nil ? .bestUtility : .notDue))
        #expect(decision.kind == (wait == nil ? .dispatch : .retry))
        #expect(decision.delayMilliseconds == wait ?? 0)
        #expect(decision.provider == "alpha")
    }

    @Test func aJobThatIsDueBeforeTheShortestStepIsOverIsTriedEarly() throws {
        let decision = try decide(
            job {
                $0.sendTime = now + 5000
                $0.expiresAt = now + 14_000
            })
        #expect(decision.reason == .bestUtility)
        #expect(decision.kind == .dispatch)
    }

    // MARK: Utility

    @Test func theBestActionIsTaken() throws {
        let dispatch = try decide(job())
        #expect(dispatch.kind == .dispatch)
        #expect(dispatch.delayMilliseconds == 0)
        #expect(dispatch.chosen == 0)
        #expect(abs(dispatch.probability - 0.880_797) < 1e-5)
        #expect(try dispatch.features.count == ModelFixture.schema.featureCount)

        let retry = try decide(job(), Self.laterIsBest)
        #expect(retry.kind == .retry)
        #expect(retry.delayMilliseconds == 900_000)
        #expect(retry.actions[retry.chosen ?? 0].action == CandidateAction(delayMilliseconds: 900_000, providerIndex: 0))
        #expect(retry.features[10] == 900)

        let beta = try decide(job(), Self.betaIsBest)
        #expect(beta.provider == "beta")
        #expect(beta.kind == .dispatch)
        // Eight delays within three half-lives of six hours, each through two providers; alpha's come first.
        #expect(beta.actions.count == 18)
        #expect(beta.chosen == 9)
    }

    @Test func anUrgentJobDoesNotWaitForBetterTimes() throws {
        let decision = try decide(job { $0.templateType = .otp }, Self.laterIsBest)
        #expect(decision.kind == .dispatch)
        #expect(decision.actions.allSatisfy { $0.action.delayMilliseconds <= 180_000 })
    }

    /// Q for every action, from the formulas of `UtilityPolicy` and `Continuation`, by plain recursion with the C library's power function.
    @Test(arguments: [Channel.email, .sms, .push], [0, 2, 6]) func utilitiesFollowTheFormula(_ channel: Channel, _ attempts: Int) throws {
        let job = try job {
            $0.channel = channel
            $0.createdAt = now + -900_000
            $0.sendTime = now + -600_000
            $0.previousAttempts = attempts
            $0.lastStatus = attempts == 0 ? .none : .timeout
            $0.expiresAt = now + 20_000_000
        }
        let stumps = Self.nowIsBest + Self.betaIsBest + [ModelFixture.Stump(feature: "delay_s", threshold: 4000, below: 0, above: 1.5)]
        let decision = try decide(job, stumps)
        let policy = PolicyParameters()
        let (terms, late) = (policy.channels[channel], attempts == 0 ? 600.0 : 900.0)
        func value(_ action: CandidateAction) -> Double {
            5 * powerOfTwo(-(late + Double(action.delayMilliseconds) / 1000 + terms.expectedLatencySeconds) / 21_600)
        }
        func worth(after failed: CandidateAction, left: Int) -> Double {
            guard left > 0 else { return 0 }
            var best = 0.0
            for next in decision.actions {
                let seconds = Double(next.action.delayMilliseconds - failed.delayMilliseconds) / 1000
                guard seconds > 0, seconds >= terms.news.knownAfterSeconds else { continue }
                let share = next.action.providerIndex == failed.providerIndex ? terms.news.sameRoute : terms.news.otherRoute
                let p = Double(next.probability) * (1 - share * powerOfTwo(-seconds / terms.news.halfLifeSeconds))
                best = max(best, p * value(next.action) - terms.attemptCost + (1 - p) * worth(after: next.action, left: left - 1))
            }
            return best
        }
        #expect(decision.actions.count > 10)
        for scored in decision.actions {
            let p = Double(scored.probability)
            let after = worth(after: scored.action, left: min(3, 8 - attempts - 1))
            let margin = scored.action.delayMilliseconds > 0 ? policy.waitingMargin * value(decision.actions[0].action) : 0
            let expected = p * value(scored.action) - terms.attemptCost + (1 - p) * after - margin
            #expect(abs(scored.utility - expected) < 1e-9, "\(scored.action)")
        }
        #expect(decision.actions[decision.chosen ?? 0].utility == decision.actions.map(\.utility).max())
    }

    @Test func theLastAttemptHasNoContinuation() throws {
        let stumps = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 0, above: -9)]
        let decision = try decide(job { $0.previousAttempts = 7 }, stumps)
        let first = try #require(decision.actions.first)
        #expect(first.probability == 0.5)
        #expect(abs(first.utility - (0.5 * 5 * powerOfTwo(-5.0 / 21_600) - 0.02)) < 1e-9)
    }

    @Test func whatCostsMoreThanItIsWorthIsGivenUp() throws {
        let hopeless = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: -9, above: -9)]
        let decision = try decide(
            job {
                $0.channel = .sms
                $0.templateType = .marketing
            }, hopeless)
        #expect(decision.kind == .giveUp)
        #expect(decision.reason == .notWorthwhile)
        #expect(decision.chosen == nil)
        #expect(decision.features.isEmpty)
        #expect(decision.probability.isNaN)
        #expect(!decision.actions.isEmpty)
        #expect(decision.actions.allSatisfy { $0.utility <= 0 })
    }

    @Test func equalActionsAreDecidedByTheirOrder() throws {
        let indifferent = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 0, above: 0)]
        var policy = PolicyParameters()
        policy.templates.marketing.halfLifeSeconds = 100_000_000
        policy.channels.email.expectedLatencySeconds = 0
        let decision = try decide(job { $0.templateType = .marketing }, indifferent, policy: policy)
        #expect(decision.chosen == 0)
        #expect(decision.provider == "alpha")
    }

    @Test func aJobIsNotPutOffForEver() throws {
        // However often it comes back, this model promises more for later.
        let scorer = try ModelFixture.scorer(Self.laterIsBest)
        let job = try job()
        var time = now
        var waits = 0
        var decision = try #require(scorer.decide([PendingJob(job: job)], now: time).first)
        while decision.kind == .retry, waits < 1000 {
            time = time + decision.delayMilliseconds
            waits += 1
            decision = try #require(scorer.decide([PendingJob(job: job, previous: decision.id)], now: time).first)
        }
        #expect(waits > 0 && waits < 1000)
        #expect(time - now <= 3 * 21_600_000)
    }

    @Test func priorityFollowsTheLossPerSecond() throws {
        func priority(_ change: (inout Job) throws -> Void) throws -> Priority { try decide(job(change)).priority }
        #expect(try priority { $0.templateType = .otp } == .high)
        #expect(try priority { $0.templateType = .alert } == .normal)
        #expect(try priority { $0.templateType = .transactional } == .normal)
        #expect(try priority { $0.templateType = .marketing } == .low)
        // Little time left, or little value left.
        #expect(
            try priority {
                $0.templateType = .alert
                $0.expiresAt = now + 60_000
            } == .high)
        #expect(
            try priority {
                $0.templateType = .otp
                $0.sendTime = now + -600_000
            } == .low)
    }

    // MARK: Determinism

    @Test func aBatchDecidesAsItsJobsAlone() throws {
        let stumps = Self.nowIsBest + Self.betaIsBest + [ModelFixture.Stump(feature: "age_s", threshold: 5000, below: 0.3, above: -0.2)]
        let scorer = try ModelFixture.scorer(stumps)
        var generator = SeededGenerator(seed: 3)
        // More rows than fit the workspace at once.
        let jobs = try (0..<2000).map { index in
            var job = try JobFixture.firstAttempt("job-\(index)", TemplateType.allCases[index % 4], at: now)
            job.sendTime = now + Int64.random(in: -200_000...20_000, using: &generator)
            job.createdAt = job.sendTime + -Int64.random(in: 0...10_000_000, using: &generator)
            job.previousAttempts = Int.random(in: 0...9, using: &generator)
            job.lastStatus = DeliveryStatus.allCases.randomElement(using: &generator) ?? .none
            job.expiresAt = Bool.random(using: &generator) ? now + Int64.random(in: -50_000_000...100_000_000, using: &generator) : nil
            return PendingJob(job: job, previous: index % 3 == 0 ? DecisionID(jobID: "x", previous: nil) : nil)
        }
        var workspace = ScoringWorkspace()
        let health = try HealthFixture.health(at: now)
        let together = scorer.decide(jobs, now: now, health: health, workspace: &workspace)
        let again = scorer.decide(jobs.reversed(), now: now, health: health, workspace: &workspace)
        #expect(together.count == jobs.count)
        for (index, pending) in jobs.enumerated() {
            let alone = try #require(scorer.decide([pending], now: now, health: health).first)
            #expect(isSame(together[index], alone))
            #expect(isSame(again[jobs.count - 1 - index], alone))
        }
        // With what is too old to be worth an attempt.
        #expect(Set(together.map(\.reason)).count == 7)
        #expect(scorer.decide([], now: now).isEmpty)
    }

    /// Equal to the bit: `==` on its own holds NaN unequal to itself.
    private func isSame(_ left: Decision, _ right: Decision) -> Bool {
        var (a, b) = (left, right)
        guard a.probability.bitPattern == b.probability.bitPattern, a.features.map(\.bitPattern) == b.features.map(\.bitPattern) else {
            return false
        }
        a.probability = 0
        b.probability = 0
        a.features = []
        b.features = []
        return a == b
    }

    @Test func idsChain() throws {
        let scorer = try ModelFixture.scorer(Self.nowIsBest)
        let job = try job()
        let first = try #require(scorer.decide([PendingJob(job: job)], now: now).first)
        let second = try #require(scorer.decide([PendingJob(job: job, previous: first.id)], now: now).first)
        #expect(first.id == DecisionID(jobID: "job-1", previous: nil))
        #expect(second.id == DecisionID(jobID: "job-1", previous: first.id))
        #expect(first.id != second.id)
    }

    @Test func theCallersOwnRouteMustBePermitted() throws {
        let job = try job {
            $0.provider = "gamma"
            $0.sendTime = now + 60_000
        }
        #expect(try decide(job).provider == "alpha")
        var due = job
        due.sendTime = now
        #expect(try ["alpha", "beta"].contains(decide(due).provider))
        due.lastStatus = .delivered
        #expect(try decide(due).provider == "gamma")
    }
}

/// 2^x by the C library.
private func powerOfTwo(_ x: Double) -> Double {
    pow(2, x)
}
