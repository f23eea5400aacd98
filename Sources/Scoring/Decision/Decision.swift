/// What is to be done with one job, with everything that is logged about why.
package struct Decision: Equatable, Sendable {
    package var id: DecisionID
    package var kind: DecisionKind
    /// Calibrated P(success) of the chosen action; NaN where none was chosen.
    package var probability: Float
    package var priority: Priority
    /// 0 unless `kind` is `.retry`; then a step of the ladder.
    package var delayMilliseconds: Int64
    /// The route of the chosen action; the job's own for `.giveUp`.
    package var provider: String
    /// Version of the model that scored, `none` without one.
    package var model: String
    /// The policy that decided: `utility` or `rules`.
    package var policy: String
    /// Version of the model whose policy parameters ruled, `none` for the defaults.
    ///
    /// Another than `model` only where the rules decided in that model's place.
    package var parameters: String
    package var reason: DecisionReason
    /// Every action considered, in a fixed order: by provider, then by delay.
    ///
    /// Empty where an override decided before scoring. Where none is allowed, or worth its cost, all propensities are 0.
    package var actions: [ScoredAction]
    /// Index of the chosen action in `actions`; `nil` where none was chosen.
    package var chosen: Int?
    /// Probability with which the policy chose this action, in (0, 1].
    package var propensity: Double
    /// Feature row of the chosen action in schema order, missing = NaN; empty where `chosen` is `nil`.
    package var features: [Float]
    package var decidedAt: Timestamp
    /// What overrides and prices went by; `nil` where there were none.
    package var conditions: DecisionConditions?

    /// - Parameter parameters: `nil` = those of `model`.
    package init(
        id: DecisionID, kind: DecisionKind, probability: Float, priority: Priority, delayMilliseconds: Int64, provider: String,
        model: String, policy: String, parameters: String? = nil, reason: DecisionReason, actions: [ScoredAction], chosen: Int?,
        propensity: Double, features: [Float], decidedAt: Timestamp, conditions: DecisionConditions? = nil
    ) {
        self.id = id
        self.kind = kind
        self.probability = probability
        self.priority = priority
        self.delayMilliseconds = delayMilliseconds
        self.provider = provider
        self.model = model
        self.policy = policy
        self.parameters = parameters ?? model
        self.reason = reason
        self.actions = actions
        self.chosen = chosen
        self.propensity = propensity
        self.features = features
        self.decidedAt = decidedAt
        self.conditions = conditions
    }
}

extension Decision {
    /// Whether the job waits because no action was allowed: no attempt was chosen, only to decide anew after the delay.
    ///
    /// Told without the actions, which not every reader of the log has.
    package var waitsForRoute: Bool {
        kind == .retry && probability.isNaN && [.circuitOpen, .rateLimited, .retryBudget].contains(reason)
    }
}

/// The three things that can happen to a job.
///
/// Raw values are the words of the `x-herald-action` header.
package enum DecisionKind: String, CaseIterable, Sendable {
    /// Attempt now, through the dispatch queue of its priority.
    case dispatch
    /// Wait in a retry queue, then be scored again.
    case retry
    case giveUp = "give_up"
}

/// How urgent a decision is.
///
/// Raw values are the words in the queue names and the `x-herald-priority` header.
package enum Priority: String, CaseIterable, Sendable {
    case high
    case normal
    case low
}

/// One candidate with what the model and the policy made of it.
package struct ScoredAction: Equatable, Sendable {
    package var action: CandidateAction
    /// Calibrated P(success), in [0, 1].
    package var probability: Float
    /// Expected utility, in the unit of the template values (see `PolicyParameters`).
    package var utility: Double
    /// Probability with which the policy chooses this action, in [0, 1]; over all actions of a job they sum to 1, or to 0 where it is given up.
    package var propensity: Double

    package init(action: CandidateAction, probability: Float, utility: Double, propensity: Double = 0) {
        self.action = action
        self.probability = probability
        self.utility = utility
        self.propensity = propensity
    }
}
