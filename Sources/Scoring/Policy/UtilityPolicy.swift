/// The policy with a model: the action with the highest expected utility.
///
/// For an attempt after delay d that succeeds with probability p, in points (see `PolicyParameters`):
///
///     Q = p · v(t + d + ℓ) − c + (1 − p) · (1 − π) · W(t + d + ℓ)
///     v(u) = V · 2^(−max(0, u − send_time) / half-life), 0 after expiry
///     W(u) = max(0, γ · p* · v(u + b + ℓ) − c), 0 where no attempt is left or u + b is after expiry
///
/// with ℓ the channel's expected latency, c the attempt's cost, π the share of failures that are permanent, b the backoff step after this
/// failure, p* the job's best probability among all actions now and γ the retry discount. W looks one attempt ahead: enough to tell a
/// failure that can be repaired in time from one that cannot.
struct UtilityPolicy {
    let policy: PolicyParameters
    let ladder: DelayLadder

    /// What waiting may cost at most, in milliseconds after `send_time`.
    func patience(for type: TemplateType) -> Int64 {
        Int64(policy.patienceHalfLives * policy.templates[type].halfLifeSeconds * 1000)
    }

    /// Computes the utility of each action from its probability.
    ///
    /// `actions` as `CandidateActions` orders them: by provider, then by delay, `delayCount` delays for each provider.
    func weigh(_ actions: inout [ScoredAction], delayCount: Int, of job: Job, at now: Timestamp) {
        let terms = policy.channels[job.channel]
        var best: Float = 0
        for scored in actions where scored.probability > best { best = scored.probability }
        for delayIndex in 0..<delayCount {
            let arrival = self.arrival(of: job, attemptAt: now + actions[delayIndex].action.delayMilliseconds)
            let value = self.value(of: job, at: arrival)
            let continuation = self.continuation(of: job, failedAt: arrival, bestProbability: Double(best))
            for index in stride(from: delayIndex, to: actions.count, by: delayCount) {
                let p = Double(actions[index].probability)
                actions[index].utility =
                    p * value - terms.attemptCost + (1 - p) * (1 - terms.permanentFailureShare) * continuation
            }
        }
    }

    /// The action with the highest utility, the first of equals; `nil` where none is worth more than giving up, which is worth 0.
    static func best(of actions: [ScoredAction]) -> Int? {
        var best: Int?
        var utility = 0.0
        for (index, scored) in actions.enumerated() where scored.utility > utility {
            best = index
            utility = scored.utility
        }
        return best
    }

    /// The priority of an attempt at `attemptAt` that succeeds with `probability`.
    ///
    /// By what each second of waiting loses: p · v · max(ln 2 / half-life, 1 / seconds until expiry), the rate at which the value decays
    /// or, close to expiry, at which all of it is lost. The probability is held fixed: that a later attempt may do better is the reason
    /// to delay, not a reason to let a dispatched job queue.
    func priority(of job: Job, attemptAt: Timestamp, probability: Double) -> Priority {
        let arrival = self.arrival(of: job, attemptAt: attemptAt)
        var rate = 0.693_147_180_559_945_3 / policy.templates[job.templateType].halfLifeSeconds
        if let expiresAt = job.expiresAt {
            rate = max(rate, 1 / max(Double(expiresAt - arrival) / 1000, 1))
        }
        let loss = probability * value(of: job, at: arrival) * rate
        return if loss >= policy.highPriorityLossPerSecond {
            .high
        } else if loss < policy.lowPriorityLossPerSecond {
            .low
        } else {
            .normal
        }
    }

    private func arrival(of job: Job, attemptAt: Timestamp) -> Timestamp {
        attemptAt + Int64(policy.channels[job.channel].expectedLatencySeconds * 1000)
    }

    /// Points for a delivery at `time`.
    private func value(of job: Job, at time: Timestamp) -> Double {
        if let expiresAt = job.expiresAt, time > expiresAt { return 0 }
        let terms = policy.templates[job.templateType]
        let lateSeconds = Double(max(0, time - job.sendTime)) / 1000
        return terms.value * Decay.remaining(afterHalfLives: lateSeconds / terms.halfLifeSeconds)
    }

    /// Points still to be had after an attempt whose failure is known at `time`.
    private func continuation(of job: Job, failedAt time: Timestamp, bestProbability: Double) -> Double {
        guard job.previousAttempts + 1 < policy.templates[job.templateType].maximumAttempts else { return 0 }
        let retryAt = time + ladder.backoff(afterFailures: job.previousAttempts + 1).milliseconds
        if let expiresAt = job.expiresAt, retryAt >= expiresAt { return 0 }
        let value = self.value(of: job, at: arrival(of: job, attemptAt: retryAt))
        return max(0, policy.retryDiscount * bestProbability * value - policy.channels[job.channel].attemptCost)
    }
}
