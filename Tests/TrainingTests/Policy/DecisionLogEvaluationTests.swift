import Foundation
import Scoring
import Store
import Testing
import Training
import World

/// Evaluation of Herald's own decisions in MongoDB.
@Suite struct DecisionLogEvaluationTests {
    @Test("The policy that decided is worth exactly what it was worth; another one that could not be seen is refused")
    func thePolicyThatDecidedIsWorthWhatItWas() throws {
        let model = try PolicyTrial.model()
        let scorer = Scorer(model: model, ladder: .standard)
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 800
        configuration.days = 1
        var served = ServedWorld(scorer: scorer)
        _ = ClosedLoop(configuration).run(&served)
        try withDatabase("evaluate") { database in
            try served.log(to: database)
            let log = try DecisionLog(database)
            let worth = AttemptWorth(scorer.policy)
            let longest: Int64 = 86_400_000 + LabelRule().toleranceMilliseconds
            // The plain way to the same figures, from what was logged.
            var outcomes: [String: Outcome] = [:]
            for outcome in served.outcomes { outcomes[outcome.jobID] = outcome }
            let counting = served.records.filter { record in
                record.decision.reason != .notDue
                    && record.decision.decidedAt + longest + LabelRule().maturityMilliseconds <= log.asOf
            }
            func isOwn(_ outcome: Outcome, _ record: DecisionRecord) -> Bool { outcome.attemptedAt <= record.decision.decidedAt + longest }
            let points = counting.map { record in
                guard record.decision.kind != .giveUp, let outcome = outcomes[record.job.jobID], isOwn(outcome, record) else { return 0.0 }
                return worth.points(of: record.job, status: outcome.status, occurredAt: outcome.occurredAt)
            }
            let mean = points.reduce(0, +) / Double(points.count)

            func report(_ scorer: Scorer, _ options: PolicyEvaluationOptions) throws -> PolicyReport {
                try PolicyEvaluation(
                    .decisions(log), target: TargetPolicy(scorer, learnt: nil), yardstick: served.scorer.policy, options: options
                ).run()
            }
            let same = try report(scorer, PolicyEvaluationOptions())
            #expect(same.refusals.isEmpty)
            #expect(same.decisionCount == counting.count && same.matchedCount == counting.count)
            #expect(same.leftOut.immature > 0 && same.leftOut.withoutOutcome == 0)
            #expect(abs(try #require(same.logged).value - mean) < 1e-9)
            for estimator in [PolicyReport.Estimator.doublyRobust, .inversePropensity, .selfNormalised] {
                let entry = try #require(same[estimator])
                #expect(abs(entry.value.value - mean) < 1e-9)
                #expect(abs(entry.difference.value) < 1e-9 && entry.difference.standardError < 1e-6)
            }
            #expect(same.largestWeight == 1 && abs(same.weightExcess?.value ?? 1) < 1e-12)

            // Decisions that put a job off count with the attempt that came of it.
            let delayed = counting.filter { $0.decision.kind == .retry }
            #expect(delayed.contains { outcomes[$0.job.jobID] != nil })
            #expect(delayed.contains { record in outcomes[record.job.jobID].map { !isOwn($0, record) } ?? true })

            // The log's policy never did anything else, so little is known of a policy that would.
            var patient = scorer.policy
            patient.templates.otp.halfLifeSeconds = 86_400
            patient.templates.alert.halfLifeSeconds = 864_000
            let other = Scorer(model: model, ladder: .standard, policy: patient)
            var strict = PolicyEvaluationOptions()
            strict.maximumUnsupportedShare = 0.001
            let refused = try report(other, strict)
            #expect(refused.refusals.map(\.code) == [.outsideSupport] && refused.entries.isEmpty)
            #expect(refused.matchedCount < refused.decisionCount)
        }
    }

    /// Of all actions one at random half of the time, else the best: as a decision that says so.
    @Sendable private static func explore(_ job: Job, _ decision: Decision) -> Decision {
        guard let best = decision.chosen else { return decision }
        var generator = SeededGenerator(state: UInt64(decision.id.text.prefix(16), radix: 16) ?? 0)
        let isRandom = Bool.random(using: &generator)
        let chosen = isRandom ? Int.random(in: 0..<decision.actions.count, using: &generator) : best
        let action = decision.actions[chosen].action
        var explored = decision
        explored.chosen = chosen
        explored.kind = action.delayMilliseconds == 0 ? .dispatch : .retry
        explored.delayMilliseconds = action.delayMilliseconds
        explored.provider = job.providers[action.providerIndex]
        explored.probability = decision.actions[chosen].probability
        for index in decision.actions.indices {
            explored.actions[index].propensity = 0.5 / Double(decision.actions.count) + (index == best ? 0.5 : 0)
        }
        explored.propensity = explored.actions[chosen].propensity
        // The row of another action is not known here.
        explored.features = []
        return explored
    }

    @Test("From decisions that explore, a policy that never waits is estimated as the world has it")
    func explorationTellsOfAnotherPolicy() throws {
        let model = try PolicyTrial.model()
        let scorer = Scorer(model: model, ladder: .standard)
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 4000
        configuration.days = 2
        let loop = ClosedLoop(configuration)
        var served = ServedWorld(scorer: scorer, explore: Self.explore)
        _ = loop.run(&served)
        var never = scorer.policy
        never.patienceHalfLives = 0
        let target = TargetPolicy(Scorer(model: model, ladder: .standard, policy: never), learnt: nil)
        // Recipients are not in the log, and what happens to a message depends on them.
        let jobs = Dictionary(
            served.records.map { (Key(job: $0.job.jobID, decidedAt: $0.decision.decidedAt), $0.job) }, uniquingKeysWith: { $1 })
        try withDatabase("explored") { database in
            try served.log(to: database)
            let worth = AttemptWorth(scorer.policy)
            var truth = 0.0
            let report = try PolicyEvaluation(.decisions(DecisionLog(database)), target: target, yardstick: scorer.policy).run(
                take: { logged, now, actions in
                    guard let job = jobs[Key(job: logged.jobID, decidedAt: now)], let pending = loop.world.pending(job) else { return }
                    for chosen in actions {
                        #expect(chosen.action.delayMilliseconds == 0)
                        let provider = loop.world.provider(named: job.providers[chosen.action.providerIndex]) ?? -1
                        // The queues are hardly ever felt on a usual day.
                        let mean = loop.world.trueMean(
                            of: pending, through: provider, at: now, seenFrom: now, loads: ProviderLoads()
                        ) { worth.value(of: job, at: now + $0) }
                        truth += chosen.propensity * (mean - worth.cost(of: job))
                    }
                })
            truth /= Double(report.decisionCount)
            #expect(report.refusals.isEmpty, "\(report)")
            #expect(report.decisionCount > 5000 && report.effectiveSize > 500)
            for estimator in [PolicyReport.Estimator.doublyRobust, .selfNormalised, .inversePropensity] {
                let value = try #require(report[estimator]).value
                #expect(abs(value.value - truth) < 3 * value.standardError, "\(estimator): \(value), but \(truth)")
                // What was done is another matter, and that can be told.
                #expect(abs(try #require(report.logged).value - truth) > 3 * value.standardError, "\(estimator)")
            }
        }
    }

    @Test("Exploration, breakers and budgets are replayed as they were: their policy is worth what it was worth")
    func recordedConditionsAreReplayed() throws {
        let scorer = Scorer(model: try PolicyTrial.model(), ladder: .standard)
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 3000
        configuration.days = 1
        configuration.scenario = .outage
        var served = ServedWorld(scorer: scorer, isControlled: true)
        _ = ClosedLoop(configuration).run(&served)
        #expect(served.records.contains { $0.decision.reason == .exploration })
        #expect(served.records.contains { $0.decision.reason == .probe })
        #expect(served.records.contains { [.circuitOpen, .retryBudget, .rateLimited].contains($0.decision.reason) })
        try withDatabase("conditions") { database in
            try served.log(to: database)
            let report = try PolicyEvaluation(
                .decisions(DecisionLog(database)), target: TargetPolicy(scorer, learnt: nil), yardstick: scorer.policy
            ).run()
            #expect(report.refusals.isEmpty && report.matchedCount == report.decisionCount, "\(report)")
            // What is drawn by the decision is drawn again: every weight is 1.
            #expect(report.largestWeight == 1 && abs(report.weightExcess?.value ?? 1) < 1e-9, "\(report)")
            #expect(abs(try #require(report[.inversePropensity]).difference.value) < 1e-9)
            #expect(abs(try #require(report[.doublyRobust]).difference.value) < 3 * (report[.doublyRobust]?.difference.standardError ?? 0))
        }
    }

    @Test("Jobs that wait because nothing is allowed count with the attempt that follows, and are no rows to learn from")
    func waitsCountAsWhatFollows() throws {
        let model = try PolicyTrial.model()
        var policy = PolicyParameters()
        // What is due has no later action, and few retries are paid for.
        policy.patienceHalfLives = 0
        policy.control.retryBudget.global.depth = 3
        policy.control.retryBudget.global.ratio = 0.1
        policy.control.retryBudget.global.minimumPerSecond = 0.001
        let scorer = Scorer(model: model, ladder: .standard, policy: policy)
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 2000
        configuration.days = 1
        configuration.scenario = .outage
        var served = ServedWorld(scorer: scorer, isControlled: true)
        _ = ClosedLoop(configuration).run(&served)
        let waits = served.records.filter(\.decision.waitsForRoute)
        #expect(waits.count > 50 && waits.allSatisfy { $0.decision.chosen == nil && !$0.decision.actions.isEmpty })
        try withDatabase("waits") { database in
            try served.log(to: database)
            let log = try DecisionLog(database)
            let report = try PolicyEvaluation(.decisions(log), target: TargetPolicy(scorer, learnt: nil), yardstick: policy).run()
            #expect(report.refusals.isEmpty && report.matchedCount == report.decisionCount, "\(report)")
            let notDue = served.records.count { $0.decision.reason == .notDue && $0.decision.decidedAt <= log.asOf }
            #expect(report.leftOut.withoutChoice == notDue)
            #expect(report.largestWeight == 1 && abs(report.weightExcess?.value ?? 1) < 1e-9, "\(report)")
            #expect(abs(try #require(report[.inversePropensity]).difference.value) < 1e-9)
            let ids = Set(waits.map(\.decision.id))
            var walk = try DecisionWalk(log, withRows: false, withLabels: true)
            var unlabelled = 0
            while let step = try walk.next() {
                guard ids.contains(step.record.decision.id) else { continue }
                #expect(step.label == .noAttempt)
                unlabelled += 1
            }
            #expect(unlabelled > 50)
        }
    }

    private struct Key: Hashable {
        var job: String
        var decidedAt: Timestamp
    }
}
