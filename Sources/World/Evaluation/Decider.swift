import Scoring

/// Who decides in the closed loop: a policy behind a blindfold, or the oracle.
protocol Decider {
    /// Decides about a notification at `now`.
    mutating func action(for flight: Flight, at now: Timestamp, loads: ProviderLoads) -> PolicyAction

    /// Learns of an attempt that `provider` made of `job` at `time`, when its outcome is known.
    mutating func observe(_ result: AttemptResult, of job: Job, through provider: String, at time: Timestamp)
}

/// A notification on its way: what everybody sees of it, and what only the world knows.
struct Flight {
    var job: Job
    var pending: PendingAttempt
    /// Whether an attempt has met a failure that is for good.
    var isHopeless = false
}

/// A policy that is shown the job and the outcome, as a service would see them, and nothing of the truth beside them.
struct Blindfolded<Policy: DeliveryPolicy>: Decider {
    let world: World
    var policy: Policy

    mutating func action(for flight: Flight, at now: Timestamp, loads: ProviderLoads) -> PolicyAction {
        policy.action(for: flight.job, at: now)
    }

    mutating func observe(_ result: AttemptResult, of job: Job, through provider: String, at time: Timestamp) {
        policy.observe(world.outcome(of: job, through: provider, at: time, result: result))
    }
}
