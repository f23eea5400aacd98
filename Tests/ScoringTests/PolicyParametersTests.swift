import Foundation
import Scoring
import Testing

/// `policy` as it is written: what is missing has the default of its place.
struct PolicyParametersTests {
    private func read(_ json: String) throws -> PolicyParameters {
        try JSONDecoder().decode(PolicyParameters.self, from: Data(json.utf8))
    }

    @Test func whatIsMissingHasTheDefaultOfItsPlace() throws {
        var expected = PolicyParameters()
        #expect(try read("{}") == expected)
        #expect(try read(#"{"templates": {"otp": {}, "alert": {}}, "channels": {"sms": {"news": {}}}}"#) == expected)
        expected.templates.otp.value = 30
        expected.templates.marketing.maximumAttempts = 2
        expected.channels.email.attemptCost = 0.5
        expected.channels.push.news.sameRoute = 0.25
        let some = try read(
            """
            {"templates": {"otp": {"value": 30}, "marketing": {"maximum_attempts": 2}},
             "channels": {"email": {"attempt_cost": 0.5}, "push": {"news": {"same_route": 0.25}}}}
            """)
        #expect(some == expected)
    }

    @Test func writtenAndReadIsTheSame() throws {
        var parameters = PolicyParameters()
        parameters.templates.transactional = .init(value: 0.1 + 0.2, halfLifeSeconds: 7, maximumAttempts: 1000)
        parameters.channels.sms.news.halfLifeSeconds = 1
        parameters.control.rate.perSecond = ["a": 1]
        #expect(try JSONDecoder().decode(PolicyParameters.self, from: JSONEncoder().encode(parameters)) == parameters)
    }

    @Test(arguments: [
        (#"{"templates": {"otp": {"halflife_s": 60}}}"#, ["templates", "otp", "halflife_s"]),
        (#"{"templates": {"code": {}}}"#, ["templates", "code"]),
        (#"{"channels": {"email": {"cost": 1}}}"#, ["channels", "email", "cost"]),
        (#"{"channels": {"email": {"news": {"news": 1}}}}"#, ["channels", "email", "news", "news"]),
        (#"{"exploration": {"rate": 0.01}}"#, ["exploration", "rate"]),
        (#"{"control": {"breaker": {"ramp": 60}}}"#, ["control", "breaker", "ramp"]),
    ])
    func anUnknownKeyIsNamedByItsWholePath(json: String, path: [String]) throws {
        let error = try #require(throws: DecodingError.self) { try read(json) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == path)
        #expect(context.debugDescription.hasPrefix("unknown key; known here are "))
    }

    @Test func keysOfFormerVersionsAreRead() throws {
        let json = #"{"retry_discount": 0.6, "channels": {"sms": {"permanent_failure_share": 0.1}}}"#
        #expect(try read(json) == PolicyParameters())
    }

    @Test func whatIsUrgentIsNotBelowWhatIsNot() throws {
        var parameters = PolicyParameters()
        parameters.lowPriorityLossPerSecond = 0.03
        let error = try #require(throws: ModelError.self) { try parameters.validate() }
        #expect(error.key == "policy.high_priority_loss_per_s")
    }
}
