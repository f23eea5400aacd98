package import Scoring

extension World {
    /// What the world needs of a job, or `nil` for a country that it does not have.
    ///
    /// A job after a failure names the provider of its last attempt in `provider`, as `nextAttempt` writes it. A job does not tell
    /// of the attempts before the last one, so the oracle for a job knows only what that one met.
    package func pending(_ job: Job) -> PendingAttempt? {
        guard let country = countries.firstIndex(where: { $0.code == job.recipientCountry }) else { return nil }
        var pending = PendingAttempt(
            notification: visibleKey[.identity][text: job.notificationID].bits,
            recipient: visibleKey[.identity][text: job.recipient ?? job.notificationID].bits,
            channel: job.channel, template: job.templateType, country: country, payloadSize: job.payloadSize, createdAt: job.createdAt,
            expiresAt: job.expiresAt)
        guard job.previousAttempts > 0 else { return pending }
        let attemptedAt = job.lastAttemptAt ?? job.createdAt
        let provider = provider(named: job.provider)
        pending.resume(after: job.previousAttempts - 1, last: .init(provider: provider, attemptedAt: job.createdAt))
        let cause = provider.map { causeOfLastAttempt(of: job, pending, through: $0, at: attemptedAt) }
        let latency = Int64(max(0, min(job.latencyMilliseconds ?? 0, 86_400_000)))
        pending.record(cause, through: provider ?? 0, at: attemptedAt, latencyMilliseconds: latency)
        if provider == nil { pending.resume(after: job.previousAttempts, last: .init(provider: nil, attemptedAt: attemptedAt)) }
        return pending
    }

    /// Why the last attempt failed, found anew from the hidden state at its time; the queue is all that cannot be asked again.
    private func causeOfLastAttempt(of job: Job, _ before: PendingAttempt, through provider: Int, at time: Timestamp) -> FailureCause {
        let found = cause(of: before, through: provider, at: time)
        return job.lastStatus == .throttled && found != .frequencyLimit ? .overCapacity : found ?? .overCapacity
    }

    /// Makes one attempt of a job; a provider or country that the world does not have rejects it.
    package func attempt(_ job: Job, through provider: String, at time: Timestamp, loads: inout ProviderLoads) -> AttemptResult {
        guard let pending = pending(job), let provider = self.provider(named: provider) else {
            let code = job.channel == .email ? 554 : 404
            return AttemptResult(
                status: .rejected, responseCode: code, latencyMilliseconds: 1, trueProbability: 0, cause: .unknownRoute)
        }
        return attempt(pending, through: provider, at: time, loads: &loads)
    }

    /// The oracle for a job; 0 for a provider or country that the world does not have.
    package func trueProbability(
        of job: Job, through provider: String, at time: Timestamp, seenFrom now: Timestamp, loads: ProviderLoads
    ) -> Double {
        guard let pending = pending(job), let provider = self.provider(named: provider) else { return 0 }
        return trueProbability(of: pending, through: provider, at: time, seenFrom: now, loads: loads)
    }

    /// The outcome that a delivery worker reports of an attempt.
    package func outcome(of job: Job, through provider: String, at time: Timestamp, result: AttemptResult) -> Outcome {
        Outcome(
            jobID: job.jobID, notificationID: job.notificationID, provider: provider, channel: job.channel,
            recipientCountry: job.recipientCountry, templateType: job.templateType, status: result.status,
            responseCode: result.responseCode, latencyMilliseconds: Double(result.latencyMilliseconds), attemptedAt: time,
            occurredAt: time + result.latencyMilliseconds)
    }

    /// The job that the notification service enqueues after an attempt, due at once; `nil` if the message arrived.
    ///
    /// When to try again, and whether at all, is Herald's to decide: permanent failures come back too, and end in
    /// `herald.undeliverable`.
    package func nextAttempt(of job: Job, through provider: String, at time: Timestamp, result: AttemptResult) -> Job? {
        job.next(after: outcome(of: job, through: provider, at: time, result: result))
    }
}
