import Scoring
import Store
import Testing
import Training

/// Which outcome is the label of which decision.
@Suite struct LabelRuleTests {
    private static let decidedAt = Timestamp(milliseconds: 1_770_000_000_000)
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000
    private let rule = LabelRule()

    private func decision(
        _ kind: DecisionKind = .dispatch, through provider: String = "ses", delay: Int64 = 0, reason: DecisionReason = .bestUtility
    ) throws -> DecisionRecord {
        let job = Job(
            jobID: "j", notificationID: "n", channel: .email, provider: "ses", providers: ["ses", "sendgrid"],
            recipientCountry: try #require(CountryCode("DE")), templateType: .otp, payloadSize: 1, createdAt: Self.decidedAt,
            sendTime: Self.decidedAt)
        let decision = Decision(
            id: DecisionID(jobID: "j", previous: nil), kind: kind, probability: .nan, priority: .normal, delayMilliseconds: delay,
            provider: provider, model: "m", policy: "utility", reason: reason, actions: [], chosen: nil, propensity: 1, features: [],
            decidedAt: Self.decidedAt)
        return DecisionRecord(job: job, decision: decision, schemaFingerprint: nil, recipientHash: nil, source: .stream)
    }

    private func outcome(
        _ status: DeliveryStatus, through provider: String = "ses", attempted: Int64 = 0, occurred: Int64
    ) throws -> Outcome {
        Outcome(
            jobID: "j", notificationID: "n", provider: provider, channel: .email, recipientCountry: try #require(CountryCode("DE")),
            templateType: .otp, status: status, responseCode: nil, latencyMilliseconds: nil, attemptedAt: Self.decidedAt + attempted,
            occurredAt: Self.decidedAt + occurred)
    }

    private func label(_ record: DecisionRecord, _ outcomes: [Outcome], after milliseconds: Int64 = 48 * hour) -> DecisionLabel {
        rule.label(of: record, outcomes: outcomes, asOf: Self.decidedAt + milliseconds)
    }

    @Test func anAttemptAsDecidedIsTheLabel() throws {
        let outcome = try outcome(.softBounce, attempted: 59_000, occurred: 61_000)
        #expect(try label(decision(), [outcome]) == .known(outcome))
    }

    @Test func anotherRouteOrTimeIsAnotherAttempt() throws {
        #expect(try label(decision(), [outcome(.delivered, through: "sendgrid", occurred: 1000)]) == .superseded)
        #expect(try label(decision(), [outcome(.delivered, attempted: 2 * Self.minute, occurred: 130_000)]) == .superseded)
        // A retry of 15 s that was put off by another 15 s is not the attempt after 15 s.
        #expect(try label(decision(.retry, delay: 15_000), [outcome(.delivered, attempted: 30_000, occurred: 31_000)]) == .superseded)
    }

    @Test func aDelayedActionIsLabelledByTheDispatchThatFollowedIt() throws {
        let outcome = try outcome(.delivered, attempted: Self.hour + 3000, occurred: Self.hour + 4000)
        #expect(try label(decision(.retry, delay: Self.hour), [outcome]) == .known(outcome))
    }

    @Test func aMissingOutcomeIsNeverAFailure() throws {
        #expect(try label(decision(), []) == .unknown)
        #expect(try label(decision(), [], after: Self.hour - 1) == .immature)
    }

    /// Quick answers must not be taken while slow ones are still out.
    @Test func whatIsKnownEarlyWaitsForTheRest() throws {
        let outcome = try outcome(.rejected, occurred: 200)
        #expect(try label(decision(), [outcome], after: Self.hour - 1) == .immature)
        #expect(try label(decision(), [outcome], after: Self.hour) == .known(outcome))
        // And what came too late for a young decision does not count for an old one.
        let late = try self.outcome(.delivered, occurred: Self.hour + 1)
        #expect(try label(decision(), [late]) == .unknown)
    }

    @Test func deliveredWinsOverWhatWasThoughtBeforeElseTheFirstCounts() throws {
        let timeout = try outcome(.timeout, occurred: 30_000)
        let delivered = try outcome(.delivered, occurred: 90_000)
        let bounce = try outcome(.softBounce, occurred: 60_000)
        #expect(try label(decision(), [timeout, delivered]) == .known(delivered))
        #expect(try label(decision(), [timeout, bounce]) == .known(timeout))
    }

    @Test(arguments: [DecisionReason.circuitOpen, .rateLimited, .retryBudget])
    func whatWaitsBecauseNothingIsAllowedHasNoLabel(_ reason: DecisionReason) throws {
        let outcome = try outcome(.delivered, attempted: 15_000, occurred: 16_000)
        var record = try decision(.retry, delay: 15_000, reason: reason)
        #expect(label(record, [outcome]) == .noAttempt)
        // An override that left an action to choose is another matter.
        record.decision.probability = 0.5
        #expect(label(record, [outcome]) == .known(outcome))
        record = try decision(reason: reason)
        record.decision.probability = 0.5
        let attempt = try self.outcome(.delivered, occurred: 1000)
        #expect(label(record, [attempt]) == .known(attempt))
    }

    @Test func noAttemptHasNoLabel() throws {
        let outcome = try outcome(.delivered, occurred: 1000)
        #expect(try label(decision(.giveUp, reason: .expired), [outcome]) == .noAttempt)
        #expect(try label(decision(.retry, delay: 15_000, reason: .notDue), [outcome]) == .noAttempt)
        // What the rules decided is an attempt like any other.
        #expect(try label(decision(reason: .noModel), [outcome]) == .known(outcome))
    }
}
