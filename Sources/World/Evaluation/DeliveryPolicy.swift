package import Scoring

/// A way to retry: sees jobs and outcomes as any service would, and nothing else of the world.
package protocol DeliveryPolicy {
    /// Decides about a job that is due at `now`.
    mutating func action(for job: Job, at now: Timestamp) -> PolicyAction

    /// Learns of an outcome, in the order in which outcomes become known.
    mutating func observe(_ outcome: Outcome)
}

extension DeliveryPolicy {
    /// Most policies learn nothing.
    package mutating func observe(_ outcome: Outcome) {}
}

/// What a policy does with a job.
package enum PolicyAction: Equatable, Sendable {
    /// Attempt after so many milliseconds, ≥ 0, through one of the job's providers.
    case attempt(provider: String, afterMilliseconds: Int64)
    /// Ask again after so many milliseconds, > 0, as Herald does with its retry queues.
    case reconsider(afterMilliseconds: Int64)
    case giveUp
}
