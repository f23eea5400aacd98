package import Scoring

/// Retries at once, the same way, whatever happened, until the attempts run out.
package struct BlindPolicy: DeliveryPolicy {
    private let parameters: PolicyParameters

    package init(parameters: PolicyParameters) {
        self.parameters = parameters
    }

    package mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        job.previousAttempts < parameters.templates[job.templateType].maximumAttempts
            ? .attempt(provider: job.provider, afterMilliseconds: 0) : .giveUp
    }
}

/// Retries after five minutes through the same provider, not after a permanent status.
package struct FixedPolicy: DeliveryPolicy {
    private static let delayMilliseconds: Int64 = 300_000
    private let parameters: PolicyParameters

    package init(parameters: PolicyParameters) {
        self.parameters = parameters
    }

    package mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        guard !job.lastStatus.isPermanentFailure, job.previousAttempts < parameters.templates[job.templateType].maximumAttempts else {
            return .giveUp
        }
        return .attempt(provider: job.provider, afterMilliseconds: job.previousAttempts == 0 ? 0 : Self.delayMilliseconds)
    }
}

/// Herald's rules without its overrides: exponential backoff over the ladder with jitter, not after a permanent status.
package struct ExponentialPolicy: DeliveryPolicy {
    private var scorer: ScorerPolicy

    package init(parameters: PolicyParameters) {
        scorer = ScorerPolicy(scorer: Scorer(model: nil, ladder: .standard, policy: parameters), isOverridden: false)
    }

    package mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        scorer.action(for: job, at: now)
    }
}

/// The product itself: the scorer that serves, one job at a time.
package struct ScorerPolicy: DeliveryPolicy {
    private let scorer: Scorer
    private var health = LiveHealth()
    private var control: PolicyControl
    private let isOverridden: Bool
    private var workspace = ScoringWorkspace()

    /// - Parameter isOverridden: whether breakers, prices, budgets and rates count.
    package init(scorer: Scorer, isOverridden: Bool = true) {
        self.scorer = scorer
        self.isOverridden = isOverridden
        control = PolicyControl(of: scorer.policy)
        health.control = scorer.policy.control
    }

    package mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
        health.advance(to: now)
        let pending = [PendingJob(job: job)]
        let decisions =
            isOverridden
            ? scorer.decide(pending, now: now, health: health, control: &control, workspace: &workspace)
            : scorer.decide(pending, now: now, health: health, workspace: &workspace)
        return decisions.first.map { PolicyAction($0) } ?? .giveUp
    }

    package mutating func observe(_ outcome: Outcome) {
        health.observe(outcome)
    }
}

extension PolicyAction {
    /// What Herald does with a decision: a retry is scored again when it comes back.
    init(_ decision: Decision) {
        self =
            switch decision.kind {
            case .dispatch: .attempt(provider: decision.provider, afterMilliseconds: 0)
            case .retry: .reconsider(afterMilliseconds: decision.delayMilliseconds)
            case .giveUp: .giveUp
            }
    }
}
