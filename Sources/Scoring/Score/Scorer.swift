/// Decides what happens to jobs: overrides, features, the model's margins, utilities, decisions.
///
/// Immutable, for any number of threads. The same jobs at the same time give the same decisions to the bit, alone or in any batch.
package struct Scorer: Sendable {
    /// Actions scored in one call of the model; a larger batch takes several.
    ///
    /// Bounds the workspace at about 2 MiB.
    static let maximumRowCount = 8192

    /// Version of the model in use; `none` without one.
    package var modelVersion: String { model?.version ?? "none" }
    /// The model's schema; `nil` without a model.
    package var schema: FeatureSchema? { model?.schema }
    package let policy: PolicyParameters
    package let ladder: DelayLadder

    private let model: ScoringModel?
    private let overrides: Overrides
    private let rulePolicy: RulePolicy
    private let utilityPolicy: UtilityPolicy

    /// - Parameters:
    ///   - model: `nil` = the rule policy decides.
    ///   - policy: `nil` = those of the model, or the defaults.
    package init(model: ScoringModel?, ladder: DelayLadder, policy: PolicyParameters? = nil) {
        self.model = model
        self.ladder = ladder
        self.policy = policy ?? model?.parameters ?? PolicyParameters()
        overrides = Overrides(policy: self.policy, ladder: ladder)
        rulePolicy = RulePolicy(policy: self.policy, ladder: ladder)
        utilityPolicy = UtilityPolicy(policy: self.policy, ladder: ladder)
    }

    /// Explains the decisions of this scorer; made anew by each call.
    package func explainer(attribution: DecisionExplainer.Attribution = .exact) -> DecisionExplainer {
        DecisionExplainer(model: model, attribution: attribution)
    }

    /// One decision for each job, in their order, all taken at `now`.
    ///
    /// - Parameter health: advanced to `now`.
    package func decide(_ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth = LiveHealth()) -> [Decision] {
        var workspace = ScoringWorkspace()
        return decide(jobs, now: now, health: health, workspace: &workspace)
    }

    /// The same with buffers that live from batch to batch.
    package func decide(
        _ jobs: [PendingJob], now: Timestamp, health: borrowing LiveHealth, workspace: inout ScoringWorkspace
    ) -> [Decision] {
        var decisions: [Decision] = []
        decisions.reserveCapacity(jobs.count)
        while decisions.count < jobs.count {
            let first = decisions.count
            plan(jobs[first...], now: now, in: &workspace)
            score(jobs[first...], now: now, health: health, in: &workspace)
            for (pending, plan) in zip(jobs[first...], workspace.plans) {
                decisions.append(decision(on: pending, by: plan, now: now, in: workspace))
            }
        }
        return decisions
    }

    /// The decision on one job with probabilities from outside in place of the model's: overrides, actions, utilities, choice and priority
    /// are those of any other decision.
    ///
    /// The decision has no features, and names the scorer's own model or `none`; nobody serves or logs it. For bounds and simulations.
    ///
    /// - Parameter probability: P(success) of an action of this job, in [0, 1]; asked once for each, by provider, then by delay.
    package func decide(
        _ pending: PendingJob, now: Timestamp, workspace: inout ScoringWorkspace, probability: (CandidateAction) -> Float
    ) -> Decision {
        workspace.actions.removeAll(keepingCapacity: true)
        let plan = plan(pending.job, isScored: true, now: now, actions: &workspace.actions)
        guard case .score(_, _, let delayCount) = plan else { return decision(on: pending, by: plan, now: now, in: workspace) }
        let actions = workspace.actions.map { ScoredAction(action: $0, probability: probability($0), utility: 0) }
        return choice(on: pending, among: actions, delayCount: delayCount, model: modelVersion, now: now)
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

    private func decision(
        on pending: PendingJob, by plan: ScoringWorkspace.Plan, now: Timestamp, in workspace: ScoringWorkspace
    ) -> Decision {
        let job = pending.job
        switch plan {
        case .override(.giveUp(let reason)):
            return unscored(pending, .giveUp, reason, priority: .low, now: now)
        case .override(.wait(let milliseconds)):
            return unscored(
                pending, .retry, .notDue, priority: unscoredPriority(of: job, at: max(now, job.sendTime)), delay: milliseconds, now: now)
        case .rules:
            let delay = rulePolicy.delay(of: job, at: now)
            return unscored(
                pending, delay == 0 ? .dispatch : .retry, .noModel, priority: unscoredPriority(of: job, at: now + delay), delay: delay,
                now: now)
        case .score(let start, let count, let delayCount):
            return scored(pending, rows: start..<start + count, delayCount: delayCount, now: now, in: workspace)
        }
    }

    /// As if success were certain: nothing is known of it.
    private func unscoredPriority(of job: Job, at attemptAt: Timestamp) -> Priority {
        utilityPolicy.priority(of: job, attemptAt: attemptAt, probability: 1)
    }

    private func unscored(
        _ pending: PendingJob, _ kind: DecisionKind, _ reason: DecisionReason, priority: Priority, delay: Int64 = 0, now: Timestamp
    ) -> Decision {
        let job = pending.job
        // The caller's route, unless the caller itself has not permitted it.
        let provider = kind == .giveUp || job.providers.contains(job.provider) ? job.provider : job.providers[0]
        return Decision(
            id: DecisionID(jobID: job.jobID, previous: pending.previous), kind: kind, probability: .nan, priority: priority,
            delayMilliseconds: delay, provider: provider, model: modelVersion, policy: policyName, reason: reason, actions: [],
            chosen: nil, propensity: 1, features: [], decidedAt: now)
    }

    private var policyName: String { model == nil ? "rules" : Self.utilityName }

    private static var utilityName: String { "utility" }

    private func scored(
        _ pending: PendingJob, rows: Range<Int>, delayCount: Int, now: Timestamp, in workspace: ScoringWorkspace
    ) -> Decision {
        guard let model else { preconditionFailure("only a model makes a plan to score") }
        var actions: [ScoredAction] = []
        actions.reserveCapacity(rows.count)
        for row in rows {
            actions.append(
                ScoredAction(
                    action: workspace.actions[row], probability: model.probability(margin: workspace.margins[row]), utility: 0))
        }
        var decision = choice(
            on: pending, among: actions, delayCount: delayCount, model: model.version, now: now)
        if let chosen = decision.chosen {
            decision.features = workspace.rows.row(rows.lowerBound + chosen)
        }
        return decision
    }

    /// The action with the highest utility, as a decision without features.
    ///
    /// - Parameters:
    ///   - actions: with their probabilities; the utilities are computed here.
    private func choice(
        on pending: PendingJob, among actions: consuming [ScoredAction], delayCount: Int, model: String, now: Timestamp
    ) -> Decision {
        let job = pending.job
        utilityPolicy.weigh(&actions, delayCount: delayCount, of: job, at: now)
        let id = DecisionID(jobID: job.jobID, previous: pending.previous)
        guard let chosen = UtilityPolicy.best(of: actions) else {
            return Decision(
                id: id, kind: .giveUp, probability: .nan, priority: .low, delayMilliseconds: 0, provider: job.provider,
                model: model, policy: Self.utilityName, reason: .notWorthwhile, actions: actions, chosen: nil, propensity: 1,
                features: [], decidedAt: now)
        }
        actions[chosen].propensity = 1
        let action = actions[chosen].action
        let probability = actions[chosen].probability
        return Decision(
            id: id, kind: action.delayMilliseconds == 0 ? .dispatch : .retry, probability: probability,
            priority: utilityPolicy.priority(
                of: job, attemptAt: now + action.delayMilliseconds, probability: Double(probability)),
            delayMilliseconds: action.delayMilliseconds, provider: job.providers[action.providerIndex], model: model,
            policy: Self.utilityName, reason: .bestUtility, actions: actions, chosen: chosen, propensity: 1,
            features: [], decidedAt: now)
    }
}
