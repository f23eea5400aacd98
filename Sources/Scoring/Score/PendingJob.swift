/// A job that waits for a decision.
package struct PendingJob: Equatable, Sendable {
    package var job: Job
    /// The decision that sent this job to a retry queue, where it comes back from one.
    package var previous: DecisionID?

    package init(job: Job, previous: DecisionID? = nil) {
        self.job = job
        self.previous = previous
    }
}
