/// What decides before any model is asked.
package struct Overrides {
    /// The decision an override takes.
    package enum Verdict: Equatable {
        case giveUp(DecisionReason)
        /// Wait for a step of the ladder because the job is not due.
        case wait(milliseconds: Int64)
    }

    let policy: PolicyParameters
    let ladder: DelayLadder

    package init(policy: PolicyParameters, ladder: DelayLadder) {
        self.policy = policy
        self.ladder = ladder
    }

    /// The first override that applies, in this order: already delivered, failed for good, expired, attempts exhausted, not due.
    package func verdict(on job: Job, at now: Timestamp) -> Verdict? {
        if job.lastStatus == .delivered { return .giveUp(.alreadyDelivered) }
        if job.lastStatus.isPermanentFailure { return .giveUp(.permanentFailure) }
        if job.hasFailedForGood, !job.providers.contains(where: { $0 != job.provider }) { return .giveUp(.permanentFailure) }
        // A job that expires before it is due can never be delivered in time.
        if let expiresAt = job.expiresAt, max(now, job.sendTime) >= expiresAt { return .giveUp(.expired) }
        if job.previousAttempts >= policy.templates[job.templateType].maximumAttempts { return .giveUp(.attemptsExhausted) }
        return wait(of: job, at: now)
    }

    /// How long a job waits that is not due; `nil` where it is.
    private func wait(of job: Job, at now: Timestamp) -> Verdict? {
        let early = job.sendTime - now
        guard Double(early) > policy.dueToleranceSeconds * 1000 else { return nil }
        // Rather a little early than too late: what is due before the shortest step is over counts as due.
        guard let step = ladder.step(notBeyond: early) else { return nil }
        return .wait(milliseconds: step.milliseconds)
    }
}
