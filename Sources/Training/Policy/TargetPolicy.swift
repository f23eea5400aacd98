package import Scoring

/// The policy that is to be evaluated: what it would have done in the place of the one that decided.
package struct TargetPolicy: Sendable {
    /// An action that the policy may choose.
    package struct Action: Equatable, Sendable {
        package var action: CandidateAction
        /// Probability with which it is chosen, in (0, 1].
        package var propensity: Double
        /// Calibrated P(success) by the policy's own model; NaN without one.
        package var probability: Float

        package init(action: CandidateAction, propensity: Double, probability: Float) {
            self.action = action
            self.propensity = propensity
            self.probability = probability
        }
    }

    package let scorer: Scorer
    /// What the model has learnt from; `nil` = nothing.
    package let learnt: Manifest?

    /// - Parameters:
    ///   - scorer: model, ladder and policy parameters.
    ///   - learnt: the manifest of its model.
    package init(_ scorer: Scorer, learnt: Manifest?) {
        self.scorer = scorer
        self.learnt = learnt
    }

    /// The longest delay of any action, in milliseconds.
    var longestDelay: Int64 { scorer.ladder.steps.last?.milliseconds ?? 0 }

    /// The actions that may be chosen for a job; what their probabilities lack to 1 is that of giving it up.
    ///
    /// - Parameters:
    ///   - health: advanced to `now`.
    ///   - conditions: what stood against the routes when the job was decided on; `nil` = nothing, and nothing is explored.
    func actions(
        for job: Job, at now: Timestamp, health: borrowing LiveHealth, conditions: DecisionConditions?, workspace: inout ScoringWorkspace
    ) -> [Action] {
        let decision = scorer.decide(
            [PendingJob(job: job)], now: now, health: health, conditions: conditions, workspace: &workspace)[0]
        if decision.chosen != nil {
            let total = decision.actions.reduce(0) { $0 + $1.propensity }
            return decision.actions.filter { $0.propensity > 0 }.map { scored in
                // A probe carries the chance that this job became one. The conditions say that it did, so it is certain.
                let propensity = decision.reason == .probe ? scored.propensity / total : scored.propensity
                return Action(action: scored.action, propensity: propensity, probability: scored.probability)
            }
        }
        // Decided without a score, by the rules or because the job is not due; or it waits because nothing is allowed.
        guard decision.kind != .giveUp, let provider = job.providers.firstIndex(of: decision.provider) else { return [] }
        let action = CandidateAction(delayMilliseconds: decision.delayMilliseconds, providerIndex: provider)
        return [Action(action: action, propensity: decision.propensity, probability: decision.probability)]
    }
}
