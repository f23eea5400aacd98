internal import Scoring

/// One logged attempt: what was known when it was decided, what was done, and what came of it.
struct Attempt: Equatable, Sendable {
    /// As it stood when the decision was taken.
    ///
    /// Its only provider is the one that was used.
    var job: Job
    var action: CandidateAction
    var decidedAt: Timestamp
    /// `nil` while no outcome is known: pending, which is not failure.
    var status: DeliveryStatus?
}
