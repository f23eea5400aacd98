extension Job {
    /// The job that the notification service enqueues after this one's attempt has failed, due at once; `nil` if it was delivered.
    ///
    /// When to try again, and whether at all, is Herald's to decide.
    package func next(after outcome: Outcome) -> Job? {
        guard outcome.status != .delivered else { return nil }
        var next = self
        next.previousAttempts += 1
        next.jobID = "\(notificationID).\(next.previousAttempts)"
        next.provider = outcome.provider
        next.sendTime = outcome.occurredAt
        next.lastStatus = outcome.status
        next.responseCode = outcome.responseCode
        next.latencyMilliseconds = outcome.latencyMilliseconds
        next.lastAttemptAt = outcome.attemptedAt
        return next
    }
}
