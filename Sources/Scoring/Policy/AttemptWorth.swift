/// What an attempt was worth, and what one can be expected to be worth, in points: the yardstick that decisions are measured with.
///
/// The utility of the attempt alone, as `UtilityPolicy` has it, without what is still to be had after a failure: V · 2^(−lateness / half-life)
/// for a delivery that is not after the expiry, less the attempt's cost. Lateness counts from when the notification was due.
package struct AttemptWorth: Sendable {
    private let parameters: PolicyParameters
    private let utility: UtilityPolicy

    /// - Parameter parameters: values, half-lives, costs and expected latencies; nothing else of them is looked at.
    package init(_ parameters: PolicyParameters) {
        self.parameters = parameters
        // What a delivery is worth does not depend on the ladder.
        utility = UtilityPolicy(policy: parameters, ladder: .standard)
    }

    /// Points of an attempt whose outcome is known.
    ///
    /// - Parameter occurredAt: when the outcome occurred: for a delivery, when the message arrived.
    package func points(of job: Job, status: DeliveryStatus, occurredAt: Timestamp) -> Double {
        (status == .delivered ? value(of: job, at: occurredAt) : 0) - cost(of: job)
    }

    /// Points to expect of an attempt at `attemptAt` that is delivered with `probability`, then with the channel's expected latency.
    package func expectedPoints(of job: Job, probability: Double, attemptAt: Timestamp) -> Double {
        probability * utility.value(of: job, attemptAt: attemptAt) - cost(of: job)
    }

    /// How far two attempts of a job can lie apart at most, and how far one from nothing, in points.
    package func range(of job: Job) -> Double {
        max(parameters.templates[job.templateType].value, cost(of: job))
    }

    /// Points of a delivery at `time`.
    package func value(of job: Job, at time: Timestamp) -> Double {
        utility.value(of: job, at: time)
    }

    /// Points that an attempt of a job costs, whatever comes of it.
    package func cost(of job: Job) -> Double {
        parameters.channels[job.channel].attemptCost
    }
}
