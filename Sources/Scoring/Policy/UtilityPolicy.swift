/// The policy with a model: the action with the highest expected utility.
///
/// For an attempt after delay d that succeeds with probability p, in points (see `PolicyParameters`):
///
///     Q = p · v(t + d + ℓ) − c + (1 − p) · W
///     v(u) = V · 2^(−max(0, u − due) / half-life), 0 after expiry
///     W = w · v(t + d + ℓ)                                        with the model's continuation
///     W = (1 − π) · max(0, γ · p* · v(t + d + ℓ + b + ℓ) − c)     without one; 0 where no attempt is left or it is after expiry
///
/// with ℓ the channel's expected latency, c the attempt's cost and w the share of the value that is still to be had after this failure, as
/// the model's second ensemble predicts it (`ScoringModel.continuations`, fitted to what came of failures). Without it: π the share of
/// failures that are permanent, b the backoff step after this failure, p* the job's best probability among all actions now and γ the retry
/// discount; W then looks one attempt ahead, enough to tell a failure that can be repaired in time from one that cannot.
package struct UtilityPolicy: Sendable {
    let policy: PolicyParameters
    let ladder: DelayLadder

    package init(policy: PolicyParameters, ladder: DelayLadder) {
        self.policy = policy
        self.ladder = ladder
    }

    /// What waiting may cost at most, in milliseconds after `send_time`.
    package func patience(for type: TemplateType) -> Int64 {
        Int64(policy.patienceHalfLives * policy.templates[type].halfLifeSeconds * 1000)
    }

    /// Computes the utility of each action from its probability and continuation.
    ///
    /// `actions` as `CandidateActions` orders them: by provider, then by delay, `delayCount` delays for each provider.
    package func weigh(_ actions: inout [ScoredAction], delayCount: Int, of job: Job, at now: Timestamp) {
        let cost = policy.channels[job.channel].attemptCost
        let routeCount = actions.count / delayCount
        var values = [Double](repeating: 0, count: delayCount)
        for d in 0..<delayCount { values[d] = value(of: job, attemptAt: now + actions[d].action.delayMilliseconds) }
        let levels = min(Debug.levels, policy.templates[job.templateType].maximumAttempts - job.previousAttempts - 1)
        // after[a] = value of going on after action a failed, with `level` attempts left
        var after = [Double](repeating: 0, count: actions.count)
        var before = after
        let half = Debug.half[job.channel.rawValue]! * 1000
        let hold = Int64(Debug.hold[job.channel.rawValue]! * 1000)
        for _ in 0..<max(0, levels) {
            swap(&after, &before)
            for r in 0..<routeCount {
                for d in 0..<delayCount {
                    var best = 0.0
                    let failed = actions[r * delayCount + d].action.delayMilliseconds
                    for e in (d + 1)..<max(d + 1, delayCount) {
                        let gap = actions[e].action.delayMilliseconds - failed
                        guard gap >= hold else { continue }
                        let fading = Decay.remaining(afterHalfLives: Double(gap) / half)
                        for q in 0..<routeCount {
                            let index = q * delayCount + e
                            let news = 1 - (q == r ? Debug.same : Debug.other) * fading
                            let p = Double(actions[index].probability) * news
                            let u = p * values[e] - cost + (1 - p) * before[index]
                            if u > best { best = u }
                        }
                    }
                    after[r * delayCount + d] = best
                }
            }
        }
        for index in actions.indices {
            let p = Double(actions[index].probability)
            let share = Double(actions[index].continuation)
            let v = values[index % delayCount]
            let w = levels < 1 ? 0 : share.isNaN ? after[index] : share * v
            actions[index].utility = p * v - cost + (1 - p) * w
            if index % delayCount != 0 { actions[index].utility -= Debug.margin * v }
        }
    }

    /// The action with the highest utility, the first of equals; `nil` where none is worth more than giving up, which is worth 0.
    package static func best(of actions: [ScoredAction]) -> Int? {
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

    /// Points for a delivery by an attempt at `attemptAt`, as it is expected to arrive.
    package func value(of job: Job, attemptAt: Timestamp) -> Double {
        value(of: job, at: arrival(of: job, attemptAt: attemptAt))
    }

    private func arrival(of job: Job, attemptAt: Timestamp) -> Timestamp {
        attemptAt + Int64(policy.channels[job.channel].expectedLatencySeconds * 1000)
    }

    /// Points for a delivery at `time`.
    ///
    /// Lateness is counted from when the notification was due, not from the present attempt: `send_time` of the first attempt, after which
    /// only `created_at` still tells of it.
    private func value(of job: Job, at time: Timestamp) -> Double {
        if let expiresAt = job.expiresAt, time > expiresAt { return 0 }
        let terms = policy.templates[job.templateType]
        let due = job.previousAttempts == 0 ? job.sendTime : min(job.createdAt, job.sendTime)
        let lateSeconds = Double(max(0, time - due)) / 1000
        return terms.value * Decay.remaining(afterHalfLives: lateSeconds / terms.halfLifeSeconds)
    }

    /// Points still to be had after an attempt whose failure is known at `time`, where the model has no estimate.
    private func lookahead(of job: Job, failedAt time: Timestamp, bestProbability: Double) -> Double {
        let retryAt = time + ladder.backoff(afterFailures: job.previousAttempts + 1).milliseconds
        if let expiresAt = job.expiresAt, retryAt >= expiresAt { return 0 }
        let terms = policy.channels[job.channel]
        let value = self.value(of: job, at: arrival(of: job, attemptAt: retryAt))
        return (1 - terms.permanentFailureShare) * max(0, policy.retryDiscount * bestProbability * value - terms.attemptCost)
    }
}

package enum Debug {
    nonisolated(unsafe) package static var levels = 3
    nonisolated(unsafe) package static var same = 0.6
    nonisolated(unsafe) package static var other = 0.3
    nonisolated(unsafe) package static var margin = 0.0
    nonisolated(unsafe) package static var half = ["email": 900.0, "sms": 600, "push": 300]
    nonisolated(unsafe) package static var hold = ["email": 5.0, "sms": 20, "push": 10]
}
