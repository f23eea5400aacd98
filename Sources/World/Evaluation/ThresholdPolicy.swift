package import Scoring

/// What a careful engineer writes without a model: leave a route that fails lately, and be patient while all do.
///
/// A success rate per provider with a half-life of ten minutes and a prior of 80 % worth five attempts. The usual route is used while
/// half of its attempts succeed, else the best one; while no route does, messages wait a minute, codes excepted, for five minutes at most. Retries
/// wait for the ladder's step of the attempt number.
package struct ThresholdPolicy: DeliveryPolicy {
    private static let halfLifeMilliseconds = 600_000.0
    private static let priorAttempts = 5.0
    private static let priorSuccess = 0.8
    private static let threshold = 0.5
    private static let patienceMilliseconds: Int64 = 300_000

    private struct Record {
        var attempts = 0.0
        var successes = 0.0
        var updatedAt: Timestamp
    }

    private let parameters: PolicyParameters
    private let ladder = DelayLadder.standard
    private var records: [String: Record] = [:]

    package init(parameters: PolicyParameters) {
        self.parameters = parameters
    }

    package mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        guard !job.lastStatus.isPermanentFailure, job.previousAttempts < parameters.templates[job.templateType].maximumAttempts else {
            return .giveUp
        }
        if let expiresAt = job.expiresAt, now >= expiresAt { return .giveUp }
        if job.previousAttempts > 0, let last = job.lastAttemptAt {
            let step = ladder.steps[min(job.previousAttempts, ladder.steps.count) - 1]
            let wait = step.milliseconds - (now - last)
            if wait > 0 { return .reconsider(afterMilliseconds: wait) }
        }
        if rate(of: job.provider, at: now) >= Self.threshold { return .attempt(provider: job.provider, afterMilliseconds: 0) }
        let rates = job.providers.map { (rate(of: $0, at: now), $0) }
        guard let best = rates.max(by: { $0.0 < $1.0 }) else { return .giveUp }
        let canWait = job.templateType != .otp && now - job.sendTime < Self.patienceMilliseconds
        if best.0 < Self.threshold, canWait { return .reconsider(afterMilliseconds: 60_000) }
        return .attempt(provider: best.1, afterMilliseconds: 0)
    }

    package mutating func observe(_ outcome: Outcome) {
        var record = records[outcome.provider] ?? Record(updatedAt: outcome.occurredAt)
        let kept = Self.kept(from: record.updatedAt, to: outcome.occurredAt)
        record.attempts = record.attempts * kept + 1
        record.successes = record.successes * kept + (outcome.status == .delivered ? 1 : 0)
        record.updatedAt = outcome.occurredAt
        records[outcome.provider] = record
    }

    private func rate(of provider: String, at now: Timestamp) -> Double {
        guard let record = records[provider] else { return Self.priorSuccess }
        let kept = Self.kept(from: record.updatedAt, to: now)
        return (record.successes * kept + Self.priorAttempts * Self.priorSuccess) / (record.attempts * kept + Self.priorAttempts)
    }

    private static func kept(from earlier: Timestamp, to later: Timestamp) -> Double {
        Exact.exp(-0.693_147_180_559_945_3 * Double(max(0, later - earlier)) / halfLifeMilliseconds)
    }
}
