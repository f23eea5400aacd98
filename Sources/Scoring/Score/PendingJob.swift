/// A job that waits for a decision.
package struct PendingJob: Equatable, Sendable {
    package var job: Job
    /// The decision that sent this job to a retry queue, where it comes back from one.
    package var previous: DecisionID?
    /// The decision that is taken again, so that what is drawn by its id comes out as it did; `nil` = a new one.
    package var recorded: DecisionID?

    package init(job: Job, previous: DecisionID? = nil, recorded: DecisionID? = nil) {
        self.job = job
        self.previous = previous
        self.recorded = recorded
    }

    /// Identity of the decision on this job.
    var decisionID: DecisionID { recorded ?? DecisionID(jobID: job.jobID, previous: previous) }
}
