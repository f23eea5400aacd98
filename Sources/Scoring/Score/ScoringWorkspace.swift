/// The buffers of one scoring thread, kept from batch to batch so that scoring allocates only what it returns.
///
/// Bounded by `Scorer.maximumRowCount` rows.
package struct ScoringWorkspace: Sendable {
    /// How the decision on one job of the batch comes about.
    enum Plan {
        case override(Overrides.Verdict)
        case rules
        /// Scored: its actions are those from `start` on, for each provider `delayCount`.
        case score(start: Int, count: Int, delayCount: Int)
    }

    /// One for each job planned so far.
    var plans: [Plan] = []
    /// The actions of all jobs to be scored.
    var actions: [CandidateAction] = []
    /// Row-major, one row for each action; keeps its capacity.
    var rows: [Float] = []
    /// One for each action; keeps its capacity.
    var margins: [Float] = []

    package init() {}

    /// Makes `rows` and `margins` as long as the actions demand, with whatever values.
    mutating func fitRows(featureCount: Int) {
        Self.resize(&margins, to: actions.count)
        Self.resize(&rows, to: actions.count * featureCount)
    }

    private static func resize(_ values: inout [Float], to count: Int) {
        if values.count > count {
            values.removeLast(values.count - count)
        } else {
            values.append(contentsOf: repeatElement(.nan, count: count - values.count))
        }
    }
}
