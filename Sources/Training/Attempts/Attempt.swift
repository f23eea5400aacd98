internal import Scoring
internal import Store

/// One logged attempt: what was known when it was decided, what was done, and what came of it.
struct Attempt: Equatable, Sendable {
    /// As it stood when the decision was taken.
    var job: Job
    var action: CandidateAction
    var decidedAt: Timestamp
    /// What was recorded, where Herald decided; then `job` is the message's, with the caller's provider, and outcomes are heard by themselves.
    ///
    /// A data set names only the route that was used, and tells the outcome with the decision.
    var record: DecisionRecord?
    /// The label, where it was recorded.
    var recordedOutcome: Outcome?
    /// `nil` while no outcome is known: pending, which is not failure.
    var status: DeliveryStatus?
    /// What the outcome told beside the status.
    var responseCode: Int?
    /// Milliseconds from the attempt to its outcome; `nil` = not told.
    var outcomeLatencyMilliseconds: Double?
    /// Probability with which the action was chosen; `nil` = not told.
    var propensity: Double?

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

extension Attempt {
    /// The attempt that a recorded decision chose; its provider must be one of the job's.
    ///
    /// - Parameter outcome: its label; `nil` = not known.
    init(_ record: DecisionRecord, _ outcome: Outcome?) {
        let decision = record.decision
        self.init(
            job: record.job,
            action: CandidateAction(
                delayMilliseconds: decision.delayMilliseconds, providerIndex: record.job.providers.firstIndex(of: decision.provider) ?? 0),
            decidedAt: decision.decidedAt, record: record, recordedOutcome: outcome, status: outcome?.status,
            responseCode: outcome?.responseCode, outcomeLatencyMilliseconds: outcome?.latencyMilliseconds)
    }
}
