internal import Scoring

/// One logged attempt: what was known when it was decided, what was done, and what came of it.
struct Attempt: Equatable, Sendable {
    /// As it stood when the decision was taken.
    var job: Job
    var action: CandidateAction
    var decidedAt: Timestamp
    /// Whether `job.provider` is the caller's, as in a job message; a data set names only the route that was used.
    var namesCallersProvider = false
    /// `nil` while no outcome is known: pending, which is not failure.
    var status: DeliveryStatus?
    /// What the outcome told beside the status.
    var responseCode: Int?
    /// Milliseconds from the attempt to its outcome; `nil` = not told.
    var outcomeLatencyMilliseconds: Double?

    /// The outcome as a delivery worker would have reported it; `nil` while it is pending.
    var outcome: Outcome? {
        guard let status else { return nil }
        let attemptedAt = decidedAt + action.delayMilliseconds
        return Outcome(
            jobID: job.jobID, notificationID: job.notificationID, provider: job.providers[action.providerIndex], channel: job.channel,
            recipientCountry: job.recipientCountry, templateType: job.templateType, status: status, responseCode: responseCode,
            latencyMilliseconds: outcomeLatencyMilliseconds, attemptedAt: attemptedAt,
            occurredAt: attemptedAt + Int64((outcomeLatencyMilliseconds ?? 0).rounded()))
    }
}
