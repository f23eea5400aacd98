/// Which of a job's weighed actions is taken: what overrides forbid, probes, exploration, and the best of the rest.
///
/// Pure: the same actions, conditions and ids give the same choice.
struct ActionChoice {
    /// A choice among the actions.
    struct Choice: Equatable {
        enum Kind: Equatable {
            /// Index of the action.
            case action(Int)
            /// Wait so long, a step of the ladder, and be decided anew: none of the actions is allowed.
            case wait(milliseconds: Int64)
            case giveUp
        }

        var kind: Kind
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
    ///   - isUrgent: whether the job is not to be experimented with, unless a probe is overdue and it loses little.
    func choose(
        _ actions: inout [ScoredAction], delayCount: Int, of job: Job, id: DecisionID, at now: Timestamp, conditions: DecisionConditions?,
        valueAtStake: Double, isUrgent: Bool
    ) -> Choice {
        let wanted = Self.best(of: actions)
        guard let conditions else { return take(wanted, .bestUtility, &actions) }
        if let probe = probe(actions, wanted: wanted, of: job, conditions, valueAtStake, isUrgent: isUrgent) {
            return take(probe, .probe, &actions)
        }
        guard let wanted else { return take(nil, .bestUtility, &actions) }
        guard let obstacle = obstacle(to: actions[wanted].action, of: job, conditions) else {
            return isUrgent
                ? take(wanted, .bestUtility, &actions) : explored(around: wanted, of: job, id, conditions, valueAtStake, &actions)
        }
        let allowed = actions.indices.filter { self.obstacle(to: actions[$0].action, of: job, conditions) == nil }
        if let next = allowed.max(by: { actions[$0].utility < actions[$1].utility }), actions[next].utility > 0 {
            return take(spreadOut(next, wanted: wanted, actions, delayCount: delayCount, of: job, conditions), obstacle, &actions)
        }
        let route = conditions.routes[actions[wanted].action.providerIndex]
        if let wait = wait(for: route, of: job, at: now) { return Choice(kind: .wait(milliseconds: wait), reason: obstacle) }
        // It would be too late after any wait: breaker and rate give way, the retry budget does not.
        return obstacle == .retryBudget ? Choice(kind: .giveUp, reason: .retryBudget) : take(wanted, .lastChance, &actions)
    }

    /// The attempt that the rules want to make now through `provider`, under conditions: as it is, through another provider, or later.
    func allow(
        _ provider: Int, of job: Job, at now: Timestamp, _ conditions: DecisionConditions
    ) -> (provider: Int, wait: Int64) {
        func isAllowed(_ index: Int) -> Bool {
            obstacle(to: CandidateAction(delayMilliseconds: 0, providerIndex: index), of: job, conditions) == nil
        }
        if isAllowed(provider) { return (provider, 0) }
        if let other = job.providers.indices.first(where: isAllowed) { return (other, 0) }
        // Where any wait would end after expiry, it is the last chance.
        return (provider, wait(for: conditions.routes[provider], of: job, at: now) ?? 0)
    }

    /// How long a job waits for a route that takes it: a step of the ladder, drawn so that not all come back at once; `nil` where it would
    /// have expired.
    private func wait(for route: DecisionConditions.Route, of job: Job, at now: Timestamp) -> Int64? {
        let shortest = spread.ladder.steps[0].milliseconds
        let drawn = max(comeback(to: route, of: job, spreadOverAtLeast: shortest), shortest)
        guard let expiresAt = job.expiresAt else { return drawn }
        return spread.ladder.steps.last { $0.milliseconds <= drawn && now + $0.milliseconds < expiresAt }?.milliseconds
    }

    /// When a job that waits for a route should come back: a step of the ladder, or 0, after the route may be tried, spread over what
    /// the wait takes and at least over `least` milliseconds, at most over the time of recovery.
    private func comeback(to route: DecisionConditions.Route, of job: Job, spreadOverAtLeast least: Int64) -> Int64 {
        let needed = max(route.closedForMilliseconds, route.freeInMilliseconds)
        let recovery = Int64(policy.control.spread.recoverySeconds * 1000)
        let comeback = spread.comeback(after: needed, spread: min(recovery, max(needed, least)), for: job.jobID)
        return spread.step(near: comeback, for: job.jobID, round: job.previousAttempts)
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
        guard let index else { return Choice(kind: .giveUp, reason: reason == .bestUtility ? .notWorthwhile : reason) }
        actions[index].propensity = 1
        return Choice(kind: .action(index), reason: reason)
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

    /// The attempt that tests a half-open route, where this job is one of those that do: certain under its conditions.
    ///
    /// An urgent job does only where a probe is overdue, and where it loses no more than is tolerated by then.
    private func probe(
        _ actions: [ScoredAction], wanted: Int?, of job: Job, _ conditions: DecisionConditions, _ valueAtStake: Double, isUrgent: Bool
    ) -> Int? {
        let best = wanted.map { actions[$0].utility } ?? 0
        for (provider, route) in conditions.routes.enumerated() where route.isProbe {
            let index = actions.firstIndex { $0.action == CandidateAction(delayMilliseconds: 0, providerIndex: provider) }
            guard let index, actions[index].utility > 0 else { continue }
            let isTolerable = route.isProbeOverdue && best - actions[index].utility <= route.overdueProbeLoss * valueAtStake
            if !isUrgent || isTolerable, obstacle(to: actions[index].action, of: job, conditions) == nil { return index }
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
        let step = comeback(to: route, of: job, spreadOverAtLeast: action.delayMilliseconds)
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
        return Choice(kind: .action(chosen), reason: chosen == best ? .bestUtility : .exploration)
    }

    private func isSafe(
        _ index: Int, _ actions: [ScoredAction], _ floor: Double, _ job: Job, _ conditions: DecisionConditions
    ) -> Bool {
        actions[index].utility > floor && obstacle(to: actions[index].action, of: job, conditions) == nil
    }
}
