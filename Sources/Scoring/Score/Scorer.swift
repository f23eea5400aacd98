/// Decides what happens to jobs: overrides, features, the model's margins, utilities, decisions.
///
/// Immutable, for any number of threads. The same jobs at the same time give the same decisions to the bit, alone or in any batch.
package struct Scorer: Sendable {
    /// Actions scored in one call of the model; a larger batch takes several.
    ///
    /// Bounds the workspace at about 2 MiB.
    static let maximumRowCount = 8192
    /// Stands for the absence of a model.
    package static let noVersion = "none"

    /// Version of the model in use; `none` without one.
    package var modelVersion: String { model?.version ?? Self.noVersion }
    /// The model's schema; `nil` without a model.
    package var schema: FeatureSchema? { model?.schema }
    /// Why the rules decide in place of a model; `nil` where a model does.
    package var degradation: DecisionReason? { model == nil ? rulesReason : nil }
    /// The model's operating threshold; `nil` without a model or where it names none.
    package var operatingThreshold: Float? { model?.operatingThreshold }
    package let policy: PolicyParameters
    /// Version of the model that `policy` is of; `none` where there is none.
    package let policyVersion: String
    package let ladder: DelayLadder

    /// `nil` = the rule policy decides.
    package let model: ScoringModel?
    /// Why the rules decide, where they do.
    private let rulesReason: DecisionReason
    private let overrides: Overrides
    private let rulePolicy: RulePolicy
    private let utilityPolicy: UtilityPolicy
    private let actionChoice: ActionChoice

    /// - Parameters:
    ///   - model: `nil` = the rule policy decides.
    ///   - policy: `nil` = those of the model, or the defaults.
    ///   - rulesReason: what decisions without a model give as their reason.
    package init(
        model: ScoringModel?, ladder: DelayLadder, policy: PolicyParameters? = nil, rulesReason: DecisionReason = .noModel
    ) {
        self.init(
            model: model, ladder: ladder, policy: policy ?? model?.parameters ?? PolicyParameters(),
            policyVersion: model?.version ?? Self.noVersion, rulesReason: rulesReason)
    }

    private init(
        model: ScoringModel?, ladder: DelayLadder, policy: PolicyParameters, policyVersion: String, rulesReason: DecisionReason
    ) {
        self.rulesReason = rulesReason
        self.model = model
        self.ladder = ladder
        self.policy = policy
        self.policyVersion = policyVersion
        overrides = Overrides(policy: policy, ladder: ladder)
        rulePolicy = RulePolicy(policy: policy, ladder: ladder)
        utilityPolicy = UtilityPolicy(policy: policy, ladder: ladder)
        actionChoice = ActionChoice(policy: policy, ladder: ladder)
    }

    /// Explains the decisions of this scorer; made anew by each call.
    package func explainer(attribution: DecisionExplainer.Attribution = .exact) -> DecisionExplainer {
        DecisionExplainer(model: model, attribution: attribution)
    }

    /// The same without the model: the rules decide by its parameters, under the same overrides, for that reason.
    package func withoutModel(because reason: DecisionReason) -> Scorer {
        Scorer(model: nil, ladder: ladder, policy: policy, policyVersion: policyVersion, rulesReason: reason)
    }

    /// One decision for each job, in their order, all taken at `now`, under conditions that the decisions themselves change.
    ///
    /// - Parameters:
    ///   - health: advanced to `now`.
    ///   - control: of this scorer's policy; takes note of each decision before the next is taken.
    package func decide(
        _ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth, control: inout PolicyControl,
        workspace: inout ScoringWorkspace
    ) -> [Decision] {
        decideEach(jobs, now: now, health: health, workspace: &workspace) { pending, plan, health, workspace in
            let conditions = control.conditions(for: pending.job, health: health, at: now)
            let ruling = decision(on: pending, by: plan, now: now, conditions: conditions, in: &workspace)
            control.note(ruling.decision.kind, of: pending.job, through: ruling.decision.provider, agedLoss: ruling.loss, at: now)
            return ruling.decision
        }
    }

    /// The same under conditions that were recorded, so that decisions come out as they were; without any, nothing is overridden or explored.
    package func decide(
        _ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth, conditions: DecisionConditions? = nil,
        workspace: inout ScoringWorkspace
    ) -> [Decision] {
        decideEach(jobs, now: now, health: health, workspace: &workspace) { pending, plan, _, workspace in
            decision(on: pending, by: plan, now: now, conditions: conditions, in: &workspace).decision
        }
    }

    /// Plans and scores as many jobs at a time as the workspace takes, and has `decide` decide on each, in their order.
    private func decideEach(
        _ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth, workspace: inout ScoringWorkspace,
        _ decide: (PendingJob, ScoringWorkspace.Plan, borrowing LiveHealth, inout ScoringWorkspace) -> Decision
    ) -> [Decision] {
        var decisions: [Decision] = []
        decisions.reserveCapacity(jobs.count)
        while decisions.count < jobs.count {
            let first = decisions.count
            plan(jobs[first...], now: now, in: &workspace)
            score(jobs[first...], now: now, health: health, in: &workspace)
            let count = workspace.plans.count
            for offset in 0..<count {
                decisions.append(decide(jobs[first + offset], workspace.plans[offset], health, &workspace))
            }
        }
        return decisions
    }

    /// The same with buffers of its own.
    package func decide(_ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth = LiveHealth()) -> [Decision] {
        var workspace = ScoringWorkspace()
        return decide(jobs, now: now, health: health, workspace: &workspace)
    }

    /// The decision on one job with probabilities from outside in place of the model's: overrides, actions, utilities, choice and priority
    /// are those of any other decision.
    ///
    /// The decision has no features, and names the scorer's own model or `none`; nobody serves or logs it. For bounds and simulations.
    ///
    /// - Parameters:
    ///   - control: takes note of the decision; `nil` = nothing overrides the probabilities.
    ///   - probability: P(success) of an action of this job, in [0, 1]; asked once for each, by provider, then by delay.
    package func decide(
        _ pending: PendingJob, now: Timestamp, health: borrowing LiveHealth = LiveHealth(), control: inout PolicyControl?,
        workspace: inout ScoringWorkspace, probability: (CandidateAction) -> Float
    ) -> Decision {
        let conditions = control?.conditions(for: pending.job, health: health, at: now)
        let ruling = decide(pending, now: now, conditions: conditions, workspace: &workspace, probability: probability)
        control?.note(ruling.decision.kind, of: pending.job, through: ruling.decision.provider, agedLoss: ruling.loss, at: now)
        return ruling.decision
    }

    private func decide(
        _ pending: PendingJob, now: Timestamp, conditions: DecisionConditions?, workspace: inout ScoringWorkspace,
        probability: (CandidateAction) -> Float
    ) -> Ruling {
        workspace.actions.removeAll(keepingCapacity: true)
        let plan = plan(pending.job, isScored: true, now: now, actions: &workspace.actions)
        guard case .score(_, _, let delayCount) = plan else {
            return decision(on: pending, by: plan, now: now, conditions: conditions, in: &workspace)
        }
        let actions = workspace.actions.map { ScoredAction(action: $0, probability: probability($0), utility: 0) }
        return choice(
            on: pending, among: actions, delayCount: delayCount, model: modelVersion, now: now, conditions: conditions,
            scratch: &workspace.utility)
    }

    /// A decision and what it tells of the load.
    private struct Ruling {
        var decision: Decision
        /// What each second of waiting loses, in points per second, aged; `nil` for a job that is given up.
        var loss: Double?
    }

    /// Plans as many jobs, at least one, as the workspace takes, and lists the actions of those to be scored.
    private func plan(_ jobs: ArraySlice<PendingJob>, now: Timestamp, in workspace: inout ScoringWorkspace) {
        workspace.plans.removeAll(keepingCapacity: true)
        workspace.actions.removeAll(keepingCapacity: true)
        for pending in jobs {
            if workspace.actions.count + CandidateActions.maximumCount > Self.maximumRowCount { return }
            workspace.plans.append(plan(pending.job, isScored: model != nil, now: now, actions: &workspace.actions))
        }
    }

    /// How the decision on a job comes about; where it is to be scored, its actions are appended to `actions`.
    private func plan(
        _ job: Job, isScored: Bool, now: Timestamp, actions: inout [CandidateAction]
    ) -> ScoringWorkspace.Plan {
        if let verdict = overrides.verdict(on: job, at: now) { return .override(verdict) }
        guard isScored else { return .rules }
        let start = actions.count
        let delayCount = CandidateActions.append(
            for: job, at: now, ladder: ladder, patience: utilityPolicy.patience(for: job.templateType), to: &actions)
        return .score(start: start, count: actions.count - start, delayCount: delayCount)
    }

    /// Fills the rows and margins of all planned actions.
    private func score(
        _ jobs: ArraySlice<PendingJob>, now: Timestamp, health: borrowing LiveHealth, in workspace: inout ScoringWorkspace
    ) {
        guard let model, !workspace.actions.isEmpty else { return }
        fill(
            &workspace.rows, for: jobs, plans: workspace.plans, actions: workspace.actions, schema: model.schema, now: now,
            health: health)
        workspace.fitMargins()
        computeMargins(of: workspace.rows, into: &workspace.margins, model: model)
    }

    private func fill(
        _ rows: inout ActionRows, for jobs: ArraySlice<PendingJob>, plans: [ScoringWorkspace.Plan], actions: [CandidateAction],
        schema: FeatureSchema, now: Timestamp, health: borrowing LiveHealth
    ) {
        rows.removeAll()
        for (pending, plan) in zip(jobs, plans) {
            guard case .score(let start, let count, _) = plan else { continue }
            rows.append(
                pending.job, actions: actions.span.extracting(start..<start + count), decidedAt: now, health: health, schema: schema)
        }
    }

    private func computeMargins(of rows: ActionRows, into margins: inout [Float], model: ScoringModel) {
        var margins = margins.mutableSpan
        model.margins(of: rows, into: &margins)
    }

    // MARK: Deciding

    private func decision(
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
    private func choice(
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
