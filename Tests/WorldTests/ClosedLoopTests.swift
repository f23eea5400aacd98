import Foundation
import Scoring
import Testing
import World

@Suite("Closed loop")
struct ClosedLoopTests {
    private static func configuration(_ scenario: Scenario, notifications: Int = 6000, seed: UInt64 = 1) -> ClosedLoop.Configuration {
        var configuration = ClosedLoop.Configuration()
        configuration.scenario = scenario
        configuration.notifications = notifications
        configuration.seed = seed
        return configuration
    }

    private static func report(_ scenario: Scenario, seeds: [UInt64] = [1, 2]) throws -> EvaluationReport {
        try Evaluation(configuration(scenario), seeds: seeds, contestants: Contestant.all(but: .model)).report()
    }

    @Test("In every scenario the oracle is the best in every world, wastes nothing, and closes the whole gap", arguments: Scenario.allCases)
    func oracleIsTheBound(scenario: Scenario) throws {
        let seeds: [UInt64] = [1, 2, 3]
        let report = try Self.report(scenario, seeds: seeds)
        let oracle = try #require(report.policies.first { $0.policy == .oracle })
        #expect(oracle.gapClosed?.mean == 1)
        #expect(oracle.wastedRetriesPerThousand.mean == 0)
        for entry in report.policies {
            #expect(entry.utility.halfWidth != nil)
            #expect((0...1).contains(entry.deliveredShare.mean))
            #expect(entry.attemptsPerDelivery.mean >= 1)
            guard entry.policy != .oracle else { continue }
            #expect(oracle.utility.mean > entry.utility.mean, "\(entry.policy)")
            #expect(oracle.deliveredShare.mean > entry.deliveredShare.mean, "\(entry.policy)")
        }
        let exponential = try #require(report.policies.first { $0.policy == .exponential })
        #expect(exponential.gapClosed == Estimate(seeds.map { _ in 0 }))
        #expect(oracle.gapClosed == Estimate(seeds.map { _ in 1 }))
    }

    @Test("In each single world the oracle has the highest utility", arguments: Scenario.allCases, [4, 5] as [UInt64])
    func oracleIsTheBoundOfEachWorld(scenario: Scenario, seed: UInt64) throws {
        let utilities = try Self.report(scenario, seeds: [seed]).policies.map { ($0.policy, $0.utility.mean) }
        let oracle = try #require(utilities.first { $0.0 == .oracle }).1
        for (policy, utility) in utilities where policy != .oracle { #expect(oracle > utility, "\(policy)") }
    }

    @Test("The oracle is the given optimiser: its terms decide as they do for the model")
    func oracleIsTheOptimiser() throws {
        let configuration = Self.configuration(.outage, notifications: 2000)
        func run(_ policy: PolicyParameters) -> PolicyRun {
            ClosedLoop(configuration).runOracle(Scorer(model: nil, ladder: .standard, policy: policy))
        }
        let report = try Evaluation(configuration, seeds: [configuration.seed], contestants: [.oracle]).report()
        #expect(report.policies[0].utility.mean == run(configuration.parameters).measures.utility)
        var hasty = configuration.parameters
        hasty.patienceHalfLives = 0
        #expect(run(hasty) != run(configuration.parameters))
    }

    @Test("An outage shows in what is delivered over time, and less with better policies")
    func outageOverTime() throws {
        let report = try Self.report(.outage)
        func worst(_ policy: Contestant) throws -> Double {
            let shares = try #require(report.policies.first { $0.policy == policy }).deliveredOverTime
            // Hours 7 to 9 of the evaluation: the outage of the largest SMS and mail providers.
            let window = shares[42..<54].compactMap { $0 }
            return window.reduce(0, +) / Double(window.count)
        }
        #expect(try worst(.blind) < 0.75)
        #expect(try worst(.oracle) > 0.9)
    }

    @Test("The same seeds give the same report to the byte", arguments: Scenario.allCases)
    func sameReport(scenario: Scenario) throws {
        let configuration = Self.configuration(scenario, notifications: 1500)
        func bytes() throws -> Data {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return try encoder.encode(Evaluation(configuration, seeds: [8, 9], contestants: Contestant.all(but: .model)).report())
        }
        #expect(try bytes() == bytes())
    }

    @Test("The same seed gives the same run, another one another")
    func deterministic() {
        func run(_ seed: UInt64) -> PolicyRun {
            let configuration = Self.configuration(.default, notifications: 2000, seed: seed)
            var policy = ThresholdPolicy(parameters: configuration.parameters)
            return ClosedLoop(configuration).run(&policy)
        }
        #expect(run(3) == run(3))
        #expect(run(3) != run(4))
    }

    @Test("Every notification is created once, and no policy makes more attempts than it may")
    func counts() {
        struct Counting: DeliveryPolicy {
            var inner: BlindPolicy
            var attempts: [String: Int] = [:]
            var outcomes = 0
            var told: Timestamp?

            mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
                #expect(now >= job.sendTime)
                let action = inner.action(for: job, at: now)
                if action != .giveUp { attempts[job.notificationID, default: 0] += 1 }
                return action
            }

            mutating func observe(_ outcome: Outcome) {
                outcomes += 1
                #expect(told.map { $0 <= outcome.occurredAt } ?? true)
                told = outcome.occurredAt
            }
        }
        let configuration = Self.configuration(.overload, notifications: 3000)
        var policy = Counting(inner: BlindPolicy(parameters: configuration.parameters))
        let run = ClosedLoop(configuration).run(&policy)
        #expect(run.measures.notifications == 3000)
        #expect(run.created.reduce(0, +) == 3000)
        #expect(policy.attempts.count == 3000)
        #expect(policy.outcomes == policy.attempts.values.reduce(0, +))
        #expect((policy.attempts.values.max() ?? 0) <= 8)
        let delivered = run.delivered.reduce(0, +)
        #expect(abs(run.measures.deliveredShare * 3000 - Double(delivered)) < 0.5)
    }

    @Test("An evaluation without what it needs is refused with the reason")
    func refusals() {
        #expect(throws: Evaluation.Defect.self) { try Evaluation(Self.configuration(.default), seeds: [], contestants: [.blind]) }
        #expect(throws: Evaluation.Defect.self) { try Evaluation(Self.configuration(.default), seeds: [1], contestants: [.model]) }
        #expect(throws: Evaluation.Defect.self) {
            try Evaluation(Self.configuration(.default, notifications: 0), seeds: [1], contestants: [.blind])
        }
    }

    @Test("The scorer that serves runs in the loop: without a model it is the rule policy")
    func scorerRuns() throws {
        let configuration = Self.configuration(.default, notifications: 2000)
        let scorer = Scorer(model: nil, ladder: .standard, policy: configuration.parameters)
        var exponential = ExponentialPolicy(parameters: configuration.parameters)
        var rules = ScorerPolicy(scorer: scorer, isOverridden: false)
        let loop = ClosedLoop(configuration)
        #expect(loop.run(&exponential) == loop.run(&rules))
        // With overrides it holds back what its rules alone would send.
        let report = try Evaluation(configuration, seeds: [5], contestants: [.exponential, .model], scorer: scorer).report()
        #expect(report.policies[0].utility != report.policies[1].utility)
        #expect(report.policies[1].throttledShare.mean < report.policies[0].throttledShare.mean)
        #expect(report.policies[0].utility.halfWidth == nil)
    }

    @Test("The report is JSON, the chart well-formed SVG with a line for each policy")
    func output() throws {
        let report = try Evaluation(Self.configuration(.outage, notifications: 1000), seeds: [1], contestants: [.blind, .oracle]).report()
        let decoded = try JSONDecoder().decode(EvaluationReport.self, from: JSONEncoder().encode(report))
        #expect(decoded.policies.map(\.policy) == [.blind, .oracle])
        let svg = DeliveryChart(report: report).svg
        #expect(svg.components(separatedBy: "<polyline").count == 3)
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>") && !svg.contains("nan"))
    }
}

extension Contestant {
    fileprivate static func all(but one: Contestant) -> [Contestant] {
        allCases.filter { $0 != one }
    }
}
