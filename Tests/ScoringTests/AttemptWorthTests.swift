import Scoring
import Testing

@Suite struct AttemptWorthTests {
    private let worth = AttemptWorth(PolicyParameters())
    private let start = Timestamp(milliseconds: 1_000_000_000)

    private func job(_ template: TemplateType, expiresAfter: Int64? = nil) throws -> Job {
        Job(
            jobID: "j", notificationID: "n", channel: .sms, provider: "a", recipientCountry: try #require(CountryCode("DE")),
            templateType: template, payloadSize: 100, createdAt: start, sendTime: start, expiresAt: expiresAfter.map { start + $0 })
    }

    @Test func aDeliveryLosesHalfItsValueInAHalfLife() throws {
        let job = try job(.otp)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start) == 20 - 0.25)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + 60_000) == 10 - 0.25)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + 180_000) == 2.5 - 0.25)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + -1000) == 20 - 0.25, "early is not late")
    }

    @Test func aRetryIsLateFromTheCreationOn() throws {
        var job = try job(.otp)
        job.previousAttempts = 1
        job.sendTime = start + 60_000
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + 60_000) == 10 - 0.25)
    }

    @Test func whatFailedOrCameTooLateCostsOnly() throws {
        let job = try job(.otp, expiresAfter: 60_000)
        #expect(worth.points(of: job, status: .timeout, occurredAt: start) == -0.25)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + 60_000) == 10 - 0.25)
        #expect(worth.points(of: job, status: .delivered, occurredAt: start + 60_001) == -0.25)
    }

    @Test func whatIsExpectedComesWithTheUsualLatency() throws {
        let job = try job(.otp)
        // Three seconds by SMS: 57 s after the plan are a half-life.
        #expect(worth.expectedPoints(of: job, probability: 0.5, attemptAt: start + 57_000) == 5 - 0.25)
        #expect(worth.expectedPoints(of: job, probability: 0, attemptAt: start) == -0.25)
        #expect(worth.range(of: job) == 20)
    }
}
