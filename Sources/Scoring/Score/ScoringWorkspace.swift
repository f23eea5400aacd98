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
    /// The features of these actions.
    var rows = ActionRows()
    /// One for each action; keeps its capacity.
    var margins: [Float] = []

    /// Of the utilities.
    var utility = UtilityPolicy.Scratch()

    package init() {}

    /// Makes `margins` as long as the actions demand, with whatever values.
    mutating func fitMargins() {
        if margins.count > actions.count {
            margins.removeLast(margins.count - actions.count)
        } else {
            margins.append(contentsOf: repeatElement(.nan, count: actions.count - margins.count))
        }
    }
}
