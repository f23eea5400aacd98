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
                record.decision.decidedAt <= log.asOf && record.decision.reason != .notDue
                    && (record.decision.kind == .giveUp
                        || record.decision.decidedAt + longest + LabelRule().maturityMilliseconds <= log.asOf)
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
            patient.retryDiscount = 0
            let other = Scorer(model: model, ladder: .standard, policy: patient)
            var strict = PolicyEvaluationOptions()
            strict.maximumUnsupportedShare = 0.001
            let refused = try report(other, strict)
            #expect(refused.refusals.map(\.code) == [.outsideSupport] && refused.entries.isEmpty)
            #expect(refused.matchedCount < refused.decisionCount)
        }
    }
}
