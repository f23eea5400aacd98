/// Which of a job's weighed actions is taken: what overrides forbid, probes, exploration, and the best of the rest.
///
/// Pure: the same actions, conditions and ids give the same choice.
struct ActionChoice {
    /// A choice among the actions.
    struct Choice: Equatable {
        /// Index of the action; `nil` = give up.
        var index: Int?
        var reason: DecisionReason
    }

    let policy: PolicyParameters
    private let spread: DelaySpread

    init(policy: PolicyParameters, ladder: DelayLadder) {
        self.policy = policy
        spread = DelaySpread(ladder: ladder)
    }

    /// Chooses, and fills in every action's propensity.
    ///
    /// - Parameters:
    ///   - conditions: `nil` = nothing stands against any action, and nothing is explored.
    ///   - valueAtStake: points that a delivery now would be worth.
    ///   - isUrgent: whether the job is not to be experimented with.
    func choose(
        _ actions: inout [ScoredAction], delayCount: Int, of job: Job, id: DecisionID, conditions: DecisionConditions?,
        valueAtStake: Double, isUrgent: Bool
    ) -> Choice {
        let wanted = Self.best(of: actions)
        guard let conditions else { return take(wanted, .bestUtility, &actions) }
        if !isUrgent, let probe = probe(actions, delayCount: delayCount, conditions) {
            actions[probe].propensity = conditions.routes[actions[probe].action.providerIndex].admittedShare
            return Choice(index: probe, reason: .probe)
        }
        guard let wanted else { return take(nil, .bestUtility, &actions) }
        guard let obstacle = obstacle(to: actions[wanted].action, of: job, conditions) else {
            return isUrgent
                ? take(wanted, .bestUtility, &actions) : explored(around: wanted, of: job, id, conditions, valueAtStake, &actions)
        }
        let allowed = actions.indices.filter { self.obstacle(to: actions[$0].action, of: job, conditions) == nil }
        guard let next = allowed.max(by: { actions[$0].utility < actions[$1].utility }), actions[next].utility > 0 else {
            // Nothing is allowed before it is too late: only the budget is absolute.
            return obstacle == .retryBudget ? take(nil, .retryBudget, &actions) : take(wanted, .bestUtility, &actions)
        }
        return take(spreadOut(next, wanted: wanted, actions, delayCount: delayCount, of: job, conditions), obstacle, &actions)
    }

    /// The action with the highest utility, the first of equals; `nil` where none is worth more than giving up, which is worth 0.
    static func best(of actions: [ScoredAction]) -> Int? {
        var best: Int?
        var utility = 0.0
        for (index, scored) in actions.enumerated() where scored.utility > utility {
            best = index
            utility = scored.utility
        }
        return best
    }

    private func take(_ index: Int?, _ reason: DecisionReason, _ actions: inout [ScoredAction]) -> Choice {
        guard let index else { return Choice(index: nil, reason: reason == .bestUtility ? .notWorthwhile : reason) }
        actions[index].propensity = 1
        return Choice(index: index, reason: reason)
    }

    // MARK: Overrides

    /// What forbids an action, if anything: an open breaker, a rate that is used up, or a retry that nobody has paid for.
    private func obstacle(to action: CandidateAction, of job: Job, _ conditions: DecisionConditions) -> DecisionReason? {
        let route = conditions.routes[action.providerIndex]
        if route.breaker == .open, action.delayMilliseconds < route.closedForMilliseconds { return .circuitOpen }
        guard action.delayMilliseconds == 0 else { return nil }
        if !route.isAdmitted { return .circuitOpen }
        if !route.isWithinRate { return .rateLimited }
        return job.previousAttempts > 0 && !(conditions.hasRetryBudget && route.hasRetryBudget) ? .retryBudget : nil
    }

    /// The attempt that tests a half-open route, where this job is one of those that do.
    private func probe(_ actions: [ScoredAction], delayCount: Int, _ conditions: DecisionConditions) -> Int? {
        for (provider, route) in conditions.routes.enumerated() where route.breaker == .halfOpen && route.isAdmitted {
            let index = provider * delayCount
            if route.isWithinRate, actions[index].utility > 0 { return index }
        }
        return nil
    }

    /// Of the jobs that an override puts off, not all are to come back at once: the step is drawn so that they spread.
    private func spreadOut(
        _ next: Int, wanted: Int, _ actions: [ScoredAction], delayCount: Int, of job: Job, _ conditions: DecisionConditions
    ) -> Int {
        let action = actions[next].action
        guard action.delayMilliseconds > 0 else { return next }
        let route = conditions.routes[actions[wanted].action.providerIndex]
        let wait = max(route.closedForMilliseconds, route.freeInMilliseconds)
        let recovery = Int64(policy.control.spread.recoverySeconds * 1000)
        let comeback = spread.comeback(after: wait, spread: min(recovery, max(wait, action.delayMilliseconds)), for: job.jobID)
        let step = spread.step(near: comeback, for: job.jobID, round: job.previousAttempts)
        let first = next - next % delayCount
        // Within what fits before expiry and patience.
        return (first..<first + delayCount).last { actions[$0].action.delayMilliseconds <= max(step, action.delayMilliseconds) } ?? next
    }

    // MARK: Exploration

    /// The best action with probability 1 − ε + ε/n, each other of the n safe ones with ε/n.
    ///
    /// Safe is what is allowed and worth nearly as much. Drawn by the decision's id, which follows from the job's.
    private func explored(
        around best: Int, of job: Job, _ id: DecisionID, _ conditions: DecisionConditions, _ valueAtStake: Double,
        _ actions: inout [ScoredAction]
    ) -> Choice {
        let share = policy.exploration.share
        guard share > 0 else { return take(best, .bestUtility, &actions) }
        let floor = max(0, actions[best].utility - policy.exploration.maximumLoss * valueAtStake)
        let lot = Lot.unit(id.text, for: .exploration)
        var safe = 0
        for index in actions.indices where isSafe(index, actions, floor, job, conditions) { safe += 1 }
        guard safe > 1 else { return take(best, .bestUtility, &actions) }
        let each = share / Double(safe)
        var place = 0
        var chosen = best
        for index in actions.indices where isSafe(index, actions, floor, job, conditions) {
            actions[index].propensity = index == best ? 1 - share + each : each
            if lot < share, Int(lot / each) == place { chosen = index }
            place += 1
        }
        return Choice(index: chosen, reason: chosen == best ? .bestUtility : .exploration)
    }

    private func isSafe(
        _ index: Int, _ actions: [ScoredAction], _ floor: Double, _ job: Job, _ conditions: DecisionConditions
    ) -> Bool {
        actions[index].utility > floor && obstacle(to: actions[index].action, of: job, conditions) == nil
    }
}
