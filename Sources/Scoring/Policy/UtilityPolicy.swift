/// Expected utilities of a job's actions.
///
/// For an attempt after delay d through route r that succeeds with probability p, in points (see `PolicyParameters`):
///
///     Q = p · v(t + d + ℓ) − c − λ_r + (1 − p) · W(d, r) − m · v(t + ℓ), the last for d > 0 only
///     v(u) = V · 2^(−max(0, u − due) / half-life), 0 after expiry
///
/// with ℓ the channel's expected latency, c the attempt's cost, λ_r the shadow price of the route (`RoutePrice`), which fades with the delay,
/// W what is still to be had after a failure (`Continuation`) and m the margin that putting off must promise.
package struct UtilityPolicy: Sendable {
    /// The buffers of one thread.
    package struct Scratch: Sendable {
        var values: [Double] = []
        var continuation = Continuation.Scratch()

        package init() {}
    }

    private static let ln2 = 0.693_147_180_559_945_3

    let policy: PolicyParameters
    let ladder: DelayLadder
    private let continuation: Continuation

    package init(policy: PolicyParameters, ladder: DelayLadder) {
        self.policy = policy
        self.ladder = ladder
        continuation = Continuation(policy: policy, ladder: ladder)
    }

    /// What waiting may cost at most, in milliseconds after `send_time`.
    package func patience(for type: TemplateType) -> Int64 {
        Int64(policy.patienceHalfLives * policy.templates[type].halfLifeSeconds * 1000)
    }

    /// Computes the utility of each action from its probability.
    ///
    /// - Parameters:
    ///   - actions: as `CandidateActions` orders them: by provider, then by delay, `delayCount` delays for each provider.
    ///   - conditions: whose prices count; `nil` = attempts cost what they cost.
    package func weigh(
        _ actions: inout [ScoredAction], delayCount: Int, of job: Job, at now: Timestamp, conditions: DecisionConditions?,
        scratch: inout Scratch
    ) {
        let cost = policy.channels[job.channel].attemptCost
        scratch.values.removeAll(keepingCapacity: true)
        for delayIndex in 0..<delayCount {
            scratch.values.append(value(of: job, attemptAt: now + actions[delayIndex].action.delayMilliseconds))
        }
        let attempts = policy.templates[job.templateType].maximumAttempts - job.previousAttempts - 1
        continuation.compute(
            actions, values: scratch.values, delayCount: delayCount, cost: cost, channel: job.channel, attempts: attempts,
            scratch: &scratch.continuation)
        for index in actions.indices {
            let p = Double(actions[index].probability)
            let worth = p * scratch.values[index % delayCount] + (1 - p) * scratch.continuation.worth[index]
            let delay = actions[index].action.delayMilliseconds
            actions[index].utility = worth - cost - (delay > 0 ? policy.waitingMargin * scratch.values[0] : 0)
        }
        guard let conditions, conditions.routes.contains(where: { $0.pricePoints > 0 }) else { return }
        for index in actions.indices {
            let action = actions[index].action
            let halfLives = Double(action.delayMilliseconds) / (policy.control.price.halfLifeSeconds * 1000)
            actions[index].utility -= conditions.routes[action.providerIndex].pricePoints * Decay.remaining(afterHalfLives: halfLives)
        }
    }

    /// What each second of waiting loses of an attempt at `attemptAt` that succeeds with `probability`, in points per second.
    ///
    /// p · v · max(ln 2 / half-life, 1 / seconds until expiry): the rate at which the value decays or, close to expiry, at which all of it
    /// is lost. The probability is held fixed: that a later attempt may do better is the reason to delay, not a reason to let a dispatched
    /// job queue.
    func lossPerSecond(of job: Job, attemptAt: Timestamp, probability: Double) -> Double {
        let arrival = self.arrival(of: job, attemptAt: attemptAt)
        var rate = Self.ln2 / policy.templates[job.templateType].halfLifeSeconds
        if let expiresAt = job.expiresAt {
            rate = max(rate, 1 / max(Double(expiresAt - arrival) / 1000, 1))
        }
        return probability * value(of: job, at: arrival) * rate
    }

    /// Points for a delivery by an attempt at `attemptAt`, as it is expected to arrive.
    package func value(of job: Job, attemptAt: Timestamp) -> Double {
        value(of: job, at: arrival(of: job, attemptAt: attemptAt))
    }

    /// Points for a delivery at `time`.
    ///
    /// Lateness is counted from when the notification was due, not from the present attempt: `send_time` of the first attempt; after it only
    /// `created_at` still tells of it.
    package func value(of job: Job, at time: Timestamp) -> Double {
        if let expiresAt = job.expiresAt, time > expiresAt { return 0 }
        let terms = policy.templates[job.templateType]
        let due = job.previousAttempts == 0 ? job.sendTime : min(job.createdAt, job.sendTime)
        let lateSeconds = Double(max(0, time - due)) / 1000
        return terms.value * Decay.remaining(afterHalfLives: lateSeconds / terms.halfLifeSeconds)
    }

    private func arrival(of job: Job, attemptAt: Timestamp) -> Timestamp {
        attemptAt + Int64(policy.channels[job.channel].expectedLatencySeconds * 1000)
    }
}
