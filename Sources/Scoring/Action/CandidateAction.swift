/// One thing that could be done with a job: attempt it after a delay through a provider.
package struct CandidateAction: Equatable, Sendable {
    /// Milliseconds from the decision to the attempt: 0 = now, else a step of the ladder.
    package var delayMilliseconds: Int64
    /// Index into the job's `providers`.
    package var providerIndex: Int

    package init(delayMilliseconds: Int64, providerIndex: Int) {
        self.delayMilliseconds = delayMilliseconds
        self.providerIndex = providerIndex
    }
}
