/// From probabilities to the decision: what is overridden, what the rules say, what is worth most, and how urgent it is.
extension Scorer {
    /// A decision and what it tells of the load.
    struct Ruling {
        var decision: Decision
        /// What each second of waiting loses, in points per second, aged; `nil` for a job that is given up.
        var loss: Double?
    }

    func decision(
        on pending: PendingJob, by plan: ScoringWorkspace.Plan, now: Timestamp, conditions: DecisionConditions?,
        in workspace: inout ScoringWorkspace
    ) -> Ruling {
        let job = pending.job
        switch plan {
        case .override(.giveUp(let reason)):
            return unscored(pending, .giveUp, reason, now: now, conditions)
        case .override(.wait(let milliseconds)):
            return unscored(pending, .retry, .notDue, attemptAt: max(now, job.sendTime), delay: milliseconds, now: now, conditions)
        case .rules:
            return ruled(pending, now: now, conditions)
        case .score(let start, let count, let delayCount):
            return scored(
                pending, rows: start..<start + count, delayCount: delayCount, now: now, conditions: conditions, in: &workspace)
        }
    }

    /// What the rules decide, under the same overrides as a model's choice.
    private func ruled(
        _ pending: PendingJob, now: Timestamp, _ conditions: DecisionConditions?
    ) -> Ruling {
        let job = pending.job
        let delay = rulePolicy.delay(of: job, at: now)
        var own = job.providers.firstIndex(of: job.provider) ?? 0
        if job.hasFailedForGood, job.providers[own] == job.provider {
            own = job.providers.firstIndex { $0 != job.provider } ?? own
        }
        guard delay == 0, let conditions else {
            return unscored(
                pending, delay == 0 ? .dispatch : .retry, rulesReason, attemptAt: now + delay, delay: delay, through: job.providers[own],
                now: now, conditions)
        }
        let (provider, wait) = actionChoice.allow(own, of: job, at: now, conditions)
        return unscored(
            pending, wait == 0 ? .dispatch : .retry, rulesReason, attemptAt: now + wait, delay: wait, through: job.providers[provider],
            now: now, conditions)
    }

    /// - Parameter attemptAt: `nil` for a job that is given up.
    private func unscored(
        _ pending: PendingJob, _ kind: DecisionKind, _ reason: DecisionReason, attemptAt: Timestamp? = nil, delay: Int64 = 0,
        through route: String? = nil, now: Timestamp, _ conditions: DecisionConditions?
    ) -> Ruling {
        let job = pending.job
        // As if success were certain: nothing is known of it.
        let loss = attemptAt.map { agedLoss(of: job, attemptAt: $0, probability: 1, now: now) }
        let provider = route ?? Self.callersRoute(of: job, kind)
        let decision = Decision(
            id: pending.decisionID, kind: kind, probability: .nan,
            priority: priority(ofLoss: loss, conditions), delayMilliseconds: delay,
            provider: provider, model: modelVersion, policy: policyName, parameters: policyVersion, reason: reason, actions: [],
            chosen: nil, propensity: 1, features: [], decidedAt: now, conditions: conditions)
        return Ruling(decision: decision, loss: loss)
    }

    /// The caller's route, unless the caller itself has not permitted it.
    private static func callersRoute(of job: Job, _ kind: DecisionKind) -> String {
        kind == .giveUp || job.providers.contains(job.provider) ? job.provider : job.providers[0]
    }

    private var policyName: String { model == nil ? "rules" : Self.utilityName }

    private static var utilityName: String { "utility" }

    private func scored(
        _ pending: PendingJob, rows: Range<Int>, delayCount: Int, now: Timestamp, conditions: DecisionConditions?,
        in workspace: inout ScoringWorkspace
    ) -> Ruling {
        guard let model else { preconditionFailure("only a model makes a plan to score") }
        var actions: [ScoredAction] = []
        actions.reserveCapacity(rows.count)
        for row in rows {
            actions.append(
                ScoredAction(
                    action: workspace.actions[row], probability: model.probability(margin: workspace.margins[row]), utility: 0))
        }
        var ruling = choice(
            on: pending, among: actions, delayCount: delayCount, model: model.version, now: now, conditions: conditions,
            scratch: &workspace.utility)
        if let chosen = ruling.decision.chosen {
            ruling.decision.features = workspace.rows.row(rows.lowerBound + chosen)
        }
        return ruling
    }

    /// Utilities, choice and priority, as a decision without features.
    ///
    /// - Parameter actions: with their probabilities; the rest is computed here.
    func choice(
        on pending: PendingJob, among actions: consuming [ScoredAction], delayCount: Int, model: String, now: Timestamp,
        conditions: DecisionConditions?, scratch: inout UtilityPolicy.Scratch
    ) -> Ruling {
        let job = pending.job
        let id = pending.decisionID
        utilityPolicy.weigh(&actions, delayCount: delayCount, of: job, at: now, conditions: conditions, scratch: &scratch)
        let choice = actionChoice.choose(
            &actions, delayCount: delayCount, of: job, id: id, at: now, conditions: conditions,
            valueAtStake: utilityPolicy.value(of: job, attemptAt: now), isUrgent: isUrgent(job, at: now))
        guard case .action(let chosen) = choice.kind else {
            var wait: Int64 = 0
            if case .wait(let milliseconds) = choice.kind { wait = milliseconds }
            let loss = wait > 0 ? agedLoss(of: job, attemptAt: now + wait, probability: 1, now: now) : nil
            let kind = wait > 0 ? DecisionKind.retry : .giveUp
            let decision = Decision(
                id: id, kind: kind, probability: .nan, priority: priority(ofLoss: loss, conditions),
                delayMilliseconds: wait, provider: Self.callersRoute(of: job, kind), model: model, policy: Self.utilityName,
                parameters: policyVersion, reason: choice.reason, actions: actions, chosen: nil, propensity: 1, features: [],
                decidedAt: now, conditions: conditions)
            return Ruling(decision: decision, loss: loss)
        }
        let (action, probability, propensity) = (actions[chosen].action, actions[chosen].probability, actions[chosen].propensity)
        let loss = agedLoss(of: job, attemptAt: now + action.delayMilliseconds, probability: Double(probability), now: now)
        let decision = Decision(
            id: id, kind: action.delayMilliseconds == 0 ? .dispatch : .retry, probability: probability,
            priority: priority(ofLoss: loss, conditions), delayMilliseconds: action.delayMilliseconds,
            provider: job.providers[action.providerIndex], model: model, policy: Self.utilityName, parameters: policyVersion,
            reason: choice.reason, actions: actions, chosen: chosen, propensity: propensity, features: [], decidedAt: now,
            conditions: conditions)
        return Ruling(decision: decision, loss: loss)
    }

    /// Whether a job has no time for experiments.
    private func isUrgent(_ job: Job, at now: Timestamp) -> Bool {
        let least = policy.exploration.minimumRemainingSeconds
        if policy.templates[job.templateType].halfLifeSeconds * 3 < least { return true }
        return job.expiresAt.map { Double($0 - now) < least * 1000 } ?? false
    }

    private func agedLoss(of job: Job, attemptAt: Timestamp, probability: Double, now: Timestamp) -> Double {
        policy.control.priority.aged(
            utilityPolicy.lossPerSecond(of: job, attemptAt: attemptAt, probability: probability), dueAt: job.sendTime, now: now)
    }

    /// - Parameter loss: aged; `nil` for a job that is given up, which is urgent to nobody.
    private func priority(ofLoss loss: Double?, _ conditions: DecisionConditions?) -> Priority {
        guard let loss else { return .low }
        let thresholds =
            conditions?.priority ?? PriorityScale.Thresholds(high: policy.highPriorityLossPerSecond, low: policy.lowPriorityLossPerSecond)
        return thresholds.priority(ofLossPerSecond: loss)
    }
}
