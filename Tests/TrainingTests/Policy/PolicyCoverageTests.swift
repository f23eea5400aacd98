import Foundation
import Scoring
import Testing
import Training
import World

/// Off-policy evaluation against the world, which knows the true value of every action.
///
/// `HERALD_TEST_POLICY_ROWS` and `HERALD_TEST_POLICY_SEEDS` make the logs longer and the worlds more, `HERALD_TEST_POLICY_SCENARIO` names
/// another scenario.
@Suite struct PolicyCoverageTests {
    private static func setting(_ name: String, _ usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }

    private static let rows = setting("HERALD_TEST_POLICY_ROWS", 5000)
    private static let seeds = setting("HERALD_TEST_POLICY_SEEDS", 100)

    private static let scenario =
        ProcessInfo.processInfo.environment["HERALD_TEST_POLICY_SCENARIO"].flatMap { Scenario(rawValue: $0) } ?? .default

    /// Nothing is refused, so that every seed counts.
    private static var options: PolicyEvaluationOptions {
        var options = PolicyEvaluationOptions()
        options.minimumEffectiveSize = 2
        options.minimumEffectiveShare = 0
        options.maximumUnsupportedShare = 1
        return options
    }

    /// How often intervals have the truth in them, and how far estimates lie from it in standard errors.
    private struct Coverage {
        var trials = 0
        var hits: [PolicyReport.Estimator: Int] = [:]
        var differenceHits: [PolicyReport.Estimator: Int] = [:]
        var errors: [PolicyReport.Estimator: Double] = [:]
        /// Of the true values of what was done: the oracle against the outcomes.
        var loggedErrors = 0.0
        var effectiveSize = 0.0

        mutating func add(_ trial: PolicyTrial) {
            trials += 1
            effectiveSize += trial.report.effectiveSize
            if let logged = trial.report.logged { loggedErrors += (logged.value - trial.loggedTruth) / logged.standardError }
            for entry in trial.report.entries {
                hits[entry.estimator, default: 0] += entry.value.contains(trial.truth) ? 1 : 0
                differenceHits[entry.estimator, default: 0] += entry.difference.contains(trial.truth - trial.loggedTruth) ? 1 : 0
                errors[entry.estimator, default: 0] += (entry.value.value - trial.truth) / entry.value.standardError
            }
        }

        func share(_ estimator: PolicyReport.Estimator) -> Double { Double(hits[estimator] ?? 0) / Double(trials) }

        func differenceShare(_ estimator: PolicyReport.Estimator) -> Double { Double(differenceHits[estimator] ?? 0) / Double(trials) }

        func meanError(_ estimator: PolicyReport.Estimator) -> Double { (errors[estimator] ?? 0) / Double(trials) }

        var summary: String {
            let shares = PolicyReport.Estimator.allCases.map {
                String(format: "%@ %.3f (difference %.3f, mean error %+.2f SE)", $0.rawValue, share($0), differenceShare($0), meanError($0))
            }
            return "\(trials) worlds, mean effective size \(Int(effectiveSize) / max(trials, 1)): " + shares.joined(separator: ", ")
        }
    }

    private func coverage(
        _ model: ScoringModel, seeds: Range<UInt64>, rows: Int = rows, scenario: Scenario = .default,
        _ options: PolicyEvaluationOptions = options,
        distort: ((LoggedAttempt) -> Double)? = nil
    ) throws -> Coverage {
        let scratch = try Scratch()
        let target = TargetPolicy(Scorer(model: model, ladder: .standard), learnt: nil)
        var coverage = Coverage()
        for seed in seeds {
            coverage.add(
                try PolicyTrial(
                    seed: seed, rows: rows, target: target, yardstick: model.parameters, options: options, scratch: scratch,
                    scenario: scenario, distort: distort))
        }
        return coverage
    }

    @Test("The 95 % intervals cover the truth in at least 90 % of 100 worlds, and are not merely wide")
    func intervalsCoverTheTruth() throws {
        let coverage = try coverage(PolicyTrial.model(), seeds: 5000..<5000 + UInt64(Self.seeds), scenario: Self.scenario)
        print("\(Self.scenario.rawValue), \(Self.rows) rows: \(coverage.summary)")
        #expect(coverage.share(.doublyRobust) >= 0.9, "\(coverage.summary)")
        #expect(coverage.share(.selfNormalised) >= 0.9, "\(coverage.summary)")
        #expect(coverage.differenceShare(.doublyRobust) >= 0.9, "\(coverage.summary)")
        #expect(coverage.differenceShare(.selfNormalised) >= 0.9, "\(coverage.summary)")
        // Of 100 independent worlds the mean error is within three tenths of a standard error.
        #expect(abs(coverage.meanError(.doublyRobust)) < 0.3, "\(coverage.summary)")
        #expect(abs(coverage.loggedErrors / Double(coverage.trials)) < 0.3, "the oracle's mean is that of the outcomes")
        // What the model says of itself is another matter: that is what the correction is for.
        #expect(coverage.share(.model) < 0.75, "\(coverage.summary)")
    }

    @Test("With wrong propensities the intervals miss the truth, and the evaluation refuses")
    func wrongPropensitiesBreakCoverage() throws {
        let model = try PolicyTrial.model()
        // As if every action had been certain: those that the logging policy likes count too much.
        let certain = try coverage(model, seeds: 5000..<5020, rows: 10_000) { _ in 1 }
        #expect(certain.share(.selfNormalised) < 0.5 && certain.share(.inversePropensity) < 0.5, "\(certain.summary)")
        // Half of what makes this one robust is a model that is nearly right: it is off, but not as far.
        #expect(abs(certain.meanError(.doublyRobust)) > 0.6, "\(certain.summary)")
        let halved = try coverage(model, seeds: 5000..<5020, rows: 10_000) { $0.choice.propensity / 2 }
        #expect(halved.share(.inversePropensity) < 0.1, "\(halved.summary)")

        let scratch = try Scratch()
        let target = TargetPolicy(Scorer(model: model, ladder: .standard), learnt: nil)
        func codes(_ distort: ((LoggedAttempt) -> Double)?) throws -> [PolicyReport.Refusal.Code] {
            let trial = try PolicyTrial(
                seed: 5000, rows: 20_000, target: target, yardstick: model.parameters, options: PolicyEvaluationOptions(), scratch: scratch,
                distort: distort)
            #expect(trial.report.entries.isEmpty == !trial.report.refusals.isEmpty)
            return trial.report.refusals.map(\.code)
        }
        #expect(try codes(nil) == [])
        #expect(try codes { _ in 1 } == [.outsideSupport])
        #expect(try codes { $0.choice.propensity / 2 } == [.wrongPropensities])
    }

    @Test("Clipping narrows the intervals, and the bound that is stated holds")
    func clippingIsBounded() throws {
        let model = try PolicyTrial.model()
        let scratch = try Scratch()
        let target = TargetPolicy(Scorer(model: model, ladder: .standard), learnt: nil)
        var clipped = Self.options
        clipped.largestWeight = 20
        for seed in UInt64(5000)..<5005 {
            let reports = try [Self.options, clipped].map { options in
                try PolicyTrial(
                    seed: seed, rows: 10_000, target: target, yardstick: model.parameters, options: options, scratch: scratch
                ).report
            }
            #expect(reports[0].clippedCount == 0 && reports[0].clippingBound == 0)
            #expect(reports[1].clippedCount > 0 && reports[1].largestWeight == 20)
            #expect(reports[1].effectiveSize > reports[0].effectiveSize)
            let bounds = [
                (PolicyReport.Estimator.doublyRobust, reports[1].clippingBound), (.inversePropensity, reports[1].clippingBound),
                (.selfNormalised, reports[1].selfNormalisedClippingBound),
            ]
            for (estimator, bound) in bounds {
                let whole = try #require(reports[0][estimator]).value
                let cut = try #require(reports[1][estimator]).value
                #expect(cut.upper - cut.lower < whole.upper - whole.lower)
                #expect(cut.value != whole.value && abs(cut.value - whole.value) <= bound)
            }
        }
    }
}
