/// Confirmed messages in their order, reported to whoever handed them over in as few calls as there are changes of the submission.
struct ConfirmedTogether {
    private var submission: Submission?
    private var indices: [Int] = []

    mutating func add(_ publication: Publication) {
        if submission !== publication.submission {
            report()
            submission = publication.submission
        }
        indices.append(publication.index)
    }

    /// Reports what was added last.
    mutating func report() {
        submission?.settled(indices, .confirmed)
        submission = nil
        indices = []
    }
}
