import Scoring
import Testing

/// What overrides, probes and exploration make of a job's best action.
struct ActionChoiceTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)
    /// P = σ(2) at once, σ(1) later; alpha is a little better.
    private static let stumps = [
        ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 2, above: 1),
        ModelFixture.Stump(feature: "provider", threshold: 1, below: 0.3, above: 0),
    ]

    /// Without exploration unless a test is about it.
    private func decide(
        _ job: Job, routes: [(inout DecisionConditions.Route) -> Void] = [], hasRetryBudget: Bool = true, explores: Bool = false,
        ladder: [String]? = nil
    ) throws -> Decision {
        var policy = PolicyParameters()
        policy.exploration.share = explores ? 0.02 : 0
        var conditions = DecisionConditions(
            routes: [DecisionConditions.Route(), DecisionConditions.Route()], hasRetryBudget: hasRetryBudget,
            priority: PriorityScale.Thresholds(high: 0.02, low: 0.000_03))
        for (index, change) in routes.enumerated() { change(&conditions.routes[index]) }
        var workspace = ScoringWorkspace()
        let decisions = try ModelFixture.scorer(Self.stumps, policy: policy, ladder: ladder).decide(
            [PendingJob(job: job)], now: now, health: LiveHealth(), conditions: conditions, workspace: &workspace)
        return try #require(decisions.first)
    }

    private func job(_ change: (inout Job) throws -> Void = { _ in }) throws -> Job {
        var job = try JobFixture.firstAttempt(at: now)
        try change(&job)
        return job
    }

    private func retry(_ id: String = "job-1.1") throws -> Job {
        try job {
            $0.jobID = id
            $0.previousAttempts = 1
            $0.lastStatus = .timeout
            $0.lastAttemptAt = now + -600_000
        }
    }

    @Test func withoutObstaclesTheBestActionIsTaken() throws {
        let decision = try decide(job())
        #expect(decision.reason == .bestUtility)
        #expect(decision.provider == "alpha" && decision.kind == .dispatch)
        #expect(decision.propensity == 1)
    }

    @Test func anOpenBreakerSendsTheJobAnotherWay() throws {
        let decision = try decide(
            job(),
            routes: [
                {
                    $0.breaker = .open
                    $0.isAdmitted = false
                    $0.admittedShare = 0
                    $0.closedForMilliseconds = 90_000
                }
            ])
        #expect(decision.reason == .circuitOpen)
        #expect(decision.provider == "beta" && decision.kind == .dispatch)
        #expect(decision.conditions?.routes[0].breaker == .open)
    }

    @Test func whereEveryBreakerIsOpenJobsWaitAndComeBackSpreadOut() throws {
        let closed: (inout DecisionConditions.Route) -> Void = {
            $0.breaker = .open
            $0.isAdmitted = false
            $0.admittedShare = 0
            $0.closedForMilliseconds = 90_000
        }
        let delays = try (0..<200).map { index in
            let decision = try decide(job { $0.jobID = "job-\(index)" }, routes: [closed, closed])
            #expect(decision.kind == .retry && decision.reason == .circuitOpen)
            return decision.delayMilliseconds
        }
        #expect(delays.allSatisfy { $0 >= 90_000 })
        #expect(Set(delays).count >= 2)
        // A code that would be worthless by then is tried all the same.
        let code = try decide(
            job {
                $0.templateType = .otp
                $0.expiresAt = now + 14_000
            }, routes: [closed, closed])
        #expect(code.kind == .dispatch && code.reason == .lastChance)
    }

    @Test func aRouteAtItsRateWaits() throws {
        let busy: (inout DecisionConditions.Route) -> Void = { $0.freeInMilliseconds = 40_000 }
        let decision = try decide(job(), routes: [busy, busy])
        #expect(decision.kind == .retry && decision.reason == .rateLimited)
        #expect(try decide(job(), routes: [busy]).provider == "beta")
    }

    @Test func retriesKeepToTheirBudgetAndFirstAttemptsDoNotNeedOne() throws {
        #expect(try decide(job(), hasRetryBudget: false).reason == .bestUtility)
        let decision = try decide(retry(), hasRetryBudget: false)
        #expect(decision.kind == .retry && decision.reason == .retryBudget)
        let other = try decide(retry(), routes: [{ $0.hasRetryBudget = false }])
        #expect(other.provider == "beta" && other.kind == .dispatch && other.reason == .retryBudget)
        // No later attempt is possible: the budget is absolute.
        var last = try retry()
        last.expiresAt = now + 14_000
        let given = try decide(last, hasRetryBudget: false)
        #expect(given.kind == .giveUp && given.reason == .retryBudget)
        #expect(given.chosen == nil && given.actions.allSatisfy { $0.propensity == 0 })
    }

    @Test func aHalfOpenRouteIsProbedByThoseWhoAreAdmitted() throws {
        func halfOpen(_ isAdmitted: Bool) -> (inout DecisionConditions.Route) -> Void {
            {
                $0.breaker = .halfOpen
                $0.admittedShare = 0.1
                $0.isAdmitted = isAdmitted
            }
        }
        let probe = try decide(job(), routes: [{ _ in }, halfOpen(true)])
        #expect(probe.reason == .probe && probe.provider == "beta" && probe.kind == .dispatch)
        // Certain under its conditions.
        #expect(probe.propensity == 1)
        #expect(probe.actions.reduce(0) { $0 + $1.propensity } == 1)
        #expect(try decide(job(), routes: [{ _ in }, halfOpen(false)]).provider == "alpha")
        let code = try job {
            $0.templateType = .otp
            $0.expiresAt = now + 300_000
        }
        #expect(try decide(code, routes: [{ _ in }, halfOpen(true)]).reason == .bestUtility)
    }

    @Test func anUrgentJobIsAnOverdueProbeWhereItLosesLittle() throws {
        func overdue(_ loss: Double) -> [(inout DecisionConditions.Route) -> Void] {
            [
                { _ in },
                {
                    $0.breaker = .halfOpen
                    $0.overdueProbeLoss = loss
                },
            ]
        }
        let code = try job {
            $0.templateType = .otp
            $0.expiresAt = now + 300_000
        }
        let usual = try decide(code)
        let lost = try #require(usual.actions.first { $0.action == CandidateAction(delayMilliseconds: 0, providerIndex: 1) })
        let best = try #require(usual.actions.map(\.utility).max())
        // Due now, so a delivery at once is worth what the code is, but for the time that it takes.
        let share = (best - lost.utility) / AttemptWorth(PolicyParameters()).value(of: code, at: now + 5000)
        #expect(share > 0.001 && share < 0.1)
        let probe = try decide(code, routes: overdue(share * 1.001))
        #expect(probe.reason == .probe && probe.provider == "beta" && probe.propensity == 1)
        #expect(try decide(code, routes: overdue(share * 0.999)).reason == .bestUtility)
        #expect(try decide(code, routes: overdue(0)).reason == .bestUtility)
        // One that costs more than it brings is none, however overdue.
        let hopeless = try job {
            $0.templateType = .otp
            $0.sendTime = now + -1_200_000
        }
        #expect(try decide(hopeless, routes: overdue(1)).reason == .notWorthwhile)
    }

    @Test func aPriceMakesWorkOfLittleValueStepAside() throws {
        let dear: (inout DecisionConditions.Route) -> Void = { $0.pricePoints = 1.5 }
        let cheap = try decide(job { $0.templateType = .marketing }, routes: [dear, dear])
        #expect(cheap.kind == .retry && cheap.reason == .bestUtility)
        let worthy = try decide(job { $0.templateType = .alert }, routes: [dear, dear])
        #expect(worthy.kind == .dispatch)
    }

    @Test func explorationIsRareSafeAndTellsItsChance() throws {
        var explored = 0
        var expected = 0.0
        let count = 20_000
        let stake = 5.0
        for index in 0..<count {
            let decision = try decide(job { $0.jobID = "job-\(index)" }, explores: true)
            let best = decision.actions.map(\.utility).max() ?? 0
            let chosen = decision.actions[decision.chosen ?? 0]
            #expect(chosen.propensity == decision.propensity)
            #expect(abs(decision.actions.reduce(0) { $0 + $1.propensity } - 1) < 1e-12)
            #expect(chosen.utility > best - 0.005 * stake)
            if decision.reason == .exploration { explored += 1 }
            expected += decision.actions.filter { $0.utility < best }.reduce(0) { $0 + $1.propensity }
        }
        // As often as said, within four standard deviations.
        #expect(expected > 0 && expected <= 0.02 * Double(count))
        #expect(abs(Double(explored) - expected) < 4 * expected.squareRoot())
    }

    @Test func codesAreNotExplored() throws {
        for index in 0..<2000 {
            let code = try job {
                $0.jobID = "job-\(index)"
                $0.templateType = .otp
                $0.expiresAt = now + 300_000
            }
            let decision = try decide(code, explores: true)
            #expect(decision.reason == .bestUtility && decision.propensity == 1)
        }
    }

    @Test func aProbeNeedsARetryThatIsPaidFor() throws {
        let halfOpen: (inout DecisionConditions.Route) -> Void = {
            $0.breaker = .halfOpen
            $0.admittedShare = 0.1
        }
        #expect(try decide(retry(), routes: [{ _ in }, halfOpen]).reason == .probe)
        #expect(try decide(retry(), routes: [{ _ in }, halfOpen], hasRetryBudget: false).reason == .retryBudget)
    }

    /// Beyond its patience a job has no delay left among its actions; it waits all the same.
    @Test func whatIsLongDueIsHeldBackToo() throws {
        func late(_ change: (inout Job) -> Void = { _ in }) throws -> Job {
            var job = try retry()
            job.templateType = .alert
            job.createdAt = now + -3_700_000
            job.sendTime = now + -3_600_000
            change(&job)
            return job
        }
        #expect(try decide(late()).actions.allSatisfy { $0.action.delayMilliseconds == 0 })
        let busy: (inout DecisionConditions.Route) -> Void = { $0.freeInMilliseconds = 40_000 }
        let closed: (inout DecisionConditions.Route) -> Void = {
            $0.breaker = .open
            $0.isAdmitted = false
            $0.closedForMilliseconds = 100_000
        }
        let rated = try decide(late(), routes: [busy, busy])
        #expect(rated.kind == .retry && rated.reason == .rateLimited && rated.chosen == nil && rated.delayMilliseconds >= 15_000)
        let cut = try decide(late(), routes: [closed, closed])
        #expect(cut.kind == .retry && cut.reason == .circuitOpen && cut.delayMilliseconds >= 60_000)
        let unpaid = try decide(late(), hasRetryBudget: false)
        #expect(unpaid.kind == .retry && unpaid.reason == .retryBudget)
        #expect(unpaid.probability.isNaN && unpaid.features.isEmpty)
        for decision in [rated, cut, unpaid] {
            #expect(decision.waitsForRoute && !decision.actions.isEmpty && decision.actions.allSatisfy { $0.propensity == 0 })
        }
        // The route that is named is a permitted one.
        #expect(try decide(late { $0.provider = "gamma" }, routes: [busy, busy]).provider == "alpha")
        // To wait for a better time, or by the ladder, is a choice.
        #expect(try !decide(retry(), hasRetryBudget: false).waitsForRoute)
    }

    @Test func aShortWaitGoesByTheLaddersOwnSteps() throws {
        let busy: (inout DecisionConditions.Route) -> Void = { $0.freeInMilliseconds = 900 }
        let delays = try (0..<200).map { index in
            let late = try job {
                $0.jobID = "job-\(index)"
                $0.templateType = .alert
                $0.sendTime = now + -3_600_000
            }
            let decision = try decide(late, routes: [busy, busy], ladder: ["1s", "2s", "20s"])
            #expect(decision.kind == .retry && decision.chosen == nil)
            return decision.delayMilliseconds
        }
        // Free in 0.9 s, then over the shortest step: none waits for a step that another ladder would have.
        #expect(Set(delays) == [1000, 2000])
    }

    @Test func aRouteThatSaysNeverIsNotAskedAgain() throws {
        let refused = try job {
            $0.channel = .push
            $0.previousAttempts = 1
            $0.lastStatus = .rejected
            $0.responseCode = 413
            $0.lastAttemptAt = now + -60_000
        }
        let decision = try decide(refused)
        #expect(!decision.actions.isEmpty && decision.actions.allSatisfy { refused.providers[$0.action.providerIndex] == "beta" })
        #expect(decision.provider == "beta")
        var alone = refused
        alone.providers = ["alpha"]
        let given = try decide(alone)
        #expect(given.kind == .giveUp && given.reason == .permanentFailure)
        // 550 means now the one and now the other.
        var ambiguous = alone
        ambiguous.channel = .email
        ambiguous.responseCode = 550
        #expect(try decide(ambiguous).kind != .giveUp)
    }

    @Test func rulesKeepToOverridesToo() throws {
        let scorer = Scorer(model: nil, ladder: .standard)
        func rule(_ change: (inout DecisionConditions) -> Void) throws -> Decision {
            var conditions = DecisionConditions(
                routes: [DecisionConditions.Route(), DecisionConditions.Route()], hasRetryBudget: true,
                priority: PriorityScale.Thresholds(high: 0.02, low: 0.000_03))
            change(&conditions)
            var workspace = ScoringWorkspace()
            let pending = PendingJob(job: try job())
            return try #require(
                scorer.decide([pending], now: now, health: LiveHealth(), conditions: conditions, workspace: &workspace).first)
        }
        #expect(try rule { _ in }.provider == "alpha")
        let other = try rule { $0.routes[0].isAdmitted = false }
        #expect(other.provider == "beta" && other.kind == .dispatch && other.policy == "rules")
        let later = try rule { conditions in
            for index in conditions.routes.indices { conditions.routes[index].freeInMilliseconds = 70_000 }
        }
        #expect(later.kind == .retry && later.delayMilliseconds >= 15_000 && later.reason == .noModel)
    }

    @Test func codesWithoutAnExpiryAreNotExploredEither() throws {
        for index in 0..<2000 {
            let code = try job {
                $0.jobID = "job-\(index)"
                $0.templateType = .otp
            }
            #expect(try decide(code, explores: true).propensity == 1)
        }
    }
}
