internal import Scoring

/// A decision of the log as off-policy evaluation takes it: the context, what was done, with which probability, and what came of it.
struct LoggedDecision {
    /// What was done.
    enum Choice: Equatable {
        case attempt(CandidateAction)
        case giveUp
    }

    /// What came of it.
    enum Result: Equatable {
        case outcome(DeliveryStatus, occurredAt: Timestamp)
        /// No attempt was made, and none will be.
        case noAttempt
        /// The outcome may still come.
        case pending
        /// The outcome has not come in time: it is unknown, never a failure.
        case missing
    }

    /// As it stood, with every route that was permitted; nothing in it depends on the action.
    var job: Job
    var decidedAt: Timestamp
    var choice: Choice
    /// Probability with which the action was chosen, in (0, 1]; `nil` = not told.
    var propensity: Double?
    var result: Result
    /// What stood against the routes, where the log tells of it.
    var conditions: DecisionConditions?
    /// Whether the attempts after one delay are one action, whatever their routes.
    ///
    /// Where a delayed job is decided anew when it comes back, the route that it was delayed for means nothing; but only a log that has the
    /// probabilities of all actions tells that of the delay.
    var mergesDelayedRoutes: Bool
    /// Numbers of the actions that could have been chosen; `nil` where the log does not tell.
    var supported: Set<Int>?
}

extension CandidateAction {
    /// A number for the action; the same for all routes of a delayed one where they are merged.
    func number(mergingDelayedRoutes merges: Bool) -> Int {
        merges && delayMilliseconds > 0 ? -Int(delayMilliseconds) : Int(delayMilliseconds) * Job.maximumProviderCount + providerIndex
    }
}
