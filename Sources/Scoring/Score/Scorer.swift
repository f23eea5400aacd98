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
    let rulesReason: DecisionReason
    private let overrides: Overrides
    let rulePolicy: RulePolicy
    let utilityPolicy: UtilityPolicy
    let actionChoice: ActionChoice

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

    /// Plans as many jobs, at least one, as the workspace takes, and lists the actions of those to be scored.
    private func plan(_ jobs: ArraySlice<PendingJob>, now: Timestamp, in workspace: inout ScoringWorkspace) {
        workspace.plans.removeAll(keepingCapacity: true)
        workspace.actions.removeAll(keepingCapacity: true)
        // By index here and below: an iterator copies each job, which costs more than planning it.
        for index in jobs.indices {
            if workspace.actions.count + CandidateActions.maximumCount > Self.maximumRowCount { return }
            workspace.plans.append(plan(jobs[index].job, isScored: model != nil, now: now, actions: &workspace.actions))
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
        for (offset, plan) in plans.enumerated() {
            guard case .score(let start, let count, _) = plan else { continue }
            rows.append(
                jobs[jobs.startIndex + offset].job, actions: actions.span.extracting(start..<start + count), decidedAt: now, health: health,
                schema: schema)
        }
    }

    private func computeMargins(of rows: ActionRows, into margins: inout [Float], model: ScoringModel) {
        var margins = margins.mutableSpan
        model.margins(of: rows, into: &margins)
    }
}
