import Foundation
import Scoring

/// A job as a producer publishes it, with what the rule policy makes of it.
struct TestJob: Sendable {
    /// States of a job that the policy tells apart without a model.
    enum State: CaseIterable, Sendable {
        /// Never tried.
        case first
        /// Failed long ago: its backoff is over.
        case backedOff
        /// Failed a moment ago.
        case justFailed
        /// To be sent in two hours.
        case early
        case hardBounced
        case unregistered
        case delivered
        case expired
        /// Tried more often than any template allows.
        case exhausted

        var expected: DecisionKind {
            switch self {
            case .first, .backedOff: .dispatch
            case .justFailed, .early: .retry
            case .hardBounced, .unregistered, .delivered, .expired, .exhausted: .giveUp
            }
        }
    }

    let job: Job
    /// The message: the job with fields that Herald does not know, and spaces where no encoder would put them.
    let body: [UInt8]

    init(_ job: Job) {
        self.job = job
        body = Array(#"{ "trace" : {"parent": "é😀", "hops": [1, 2.50, null]},  "#.utf8) + JobEncoder.json(job).dropFirst()
    }

    /// A job of number `index`: channels, templates and countries in turn.
    init(_ index: Int, _ state: State = .first, id: String = "job", now: Timestamp) {
        let channel = Channel.allCases[index % 3]
        var job = Job(
            jobID: "\(id)-\(index)", notificationID: "n-\(id)-\(index)", channel: channel, provider: Self.routes(of: channel)[0],
            providers: Self.routes(of: channel), recipient: "someone-\(index)@example.org",
            recipientCountry: Self.countries[index % Self.countries.count], templateType: TemplateType.allCases[index / 3 % 4],
            payloadSize: 200 + index % 3000, createdAt: now + -60_000, sendTime: now)
        switch state {
        case .first: break
        case .backedOff: job.fail(.timeout, at: now + -2 * 86_400_000)
        case .justFailed: job.fail(.softBounce, at: now)
        case .early: job.sendTime = now + 2 * 3_600_000
        case .hardBounced: job.fail(.hardBounce, at: now + -3_600_000)
        case .unregistered: job.fail(.unregistered, at: now + -3_600_000)
        case .delivered: job.fail(.delivered, at: now + -3_600_000)
        case .expired: job.expiresAt = now + -1000
        case .exhausted: job.fail(.throttled, at: now + -86_400_000, attempts: 50)
        }
        self.init(job)
    }

    /// `count` jobs in all states in turn, for one channel and template after the other.
    static func mixed(_ count: Int, id: String = "job", now: Timestamp) -> [TestJob] {
        let states = State.allCases
        return (0..<count).map { TestJob($0, states[$0 / 12 % states.count], id: id, now: now) }
    }

    /// The state of job `index` of `mixed`.
    static func state(of index: Int) -> State { State.allCases[index / 12 % State.allCases.count] }

    private static let countries = ["DE", "US", "IN", "BR", "NG"].compactMap { CountryCode($0) }

    private static func routes(of channel: Channel) -> [String] {
        switch channel {
        case .email: ["ses", "sendgrid"]
        case .sms: ["twilio", "vonage"]
        case .push: ["fcm", "apns"]
        }
    }
}

extension Job {
    fileprivate mutating func fail(_ status: DeliveryStatus, at time: Timestamp, attempts: Int = 1) {
        previousAttempts = attempts
        lastStatus = status
        lastAttemptAt = time
        sendTime = time
        createdAt = time + -60_000
        responseCode = 421
        latencyMilliseconds = 812.5
    }
}

extension Timestamp {
    /// The wall clock.
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
