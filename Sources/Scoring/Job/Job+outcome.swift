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

    /// Whether the last attempt's code says that its route never delivers this message: class `permanent`.
    ///
    /// The route that failed is `provider`. Codes such as 550, which mean now the one and now the other, are not in that class.
    package var hasFailedForGood: Bool {
        guard previousAttempts > 0, let responseCode else { return false }
        return ResponseClass(code: responseCode, channel: channel) == .permanent
    }
}
