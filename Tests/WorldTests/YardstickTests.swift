import Scoring
import Testing
import World

@Suite struct YardstickTests {
    private func report(_ parameters: PolicyParameters) throws -> EvaluationReport {
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 400
        let scorer = Scorer(model: nil, ladder: .standard, policy: parameters)
        return try Evaluation(configuration, seeds: [1, 2], contestants: [.exponential, .model, .oracle], scorer: scorer).report()
    }

    @Test("A model's own parameters change what it does, never what the others are measured to do")
    func independentOfTheModel() throws {
        var free = PolicyParameters()
        free.channels.email.attemptCost = 0
        free.channels.sms.attemptCost = 0
        free.templates.otp.halfLifeSeconds = 1e8
        free.templates.otp.maximumAttempts = 1
        let usual = try report(PolicyParameters())
        let other = try report(free)
        for (left, right) in zip(usual.policies, other.policies) where left.policy != .model {
            #expect(left.utility == right.utility)
            #expect(left.attemptsPerDelivery == right.attemptsPerDelivery)
        }
        #expect(usual.policies[1].utility != other.policies[1].utility)
    }

    @Test("Where there is no gap to close there is no figure for it")
    func noGap() throws {
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 1
        let report = try Evaluation(configuration, seeds: [1, 2], contestants: [.exponential, .oracle]).report()
        for entry in report.policies { #expect(entry.gapClosed.map(\.mean.isFinite) ?? true) }
    }
}
