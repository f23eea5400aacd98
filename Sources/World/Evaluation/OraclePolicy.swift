import Scoring

/// The optimiser with true probabilities: the bound that policies are measured against.
///
/// The scorer that serves, as `ScorerPolicy` has it; all that differs is where P(success) comes from. A job that it puts off is decided
/// anew when it comes back, with what is true then.
struct OraclePolicy: Decider {
    private let world: World
    private let scorer: Scorer
    private var workspace = ScoringWorkspace()
    /// For prices, rates and budgets: the truth about one attempt says nothing of what many do to a queue.
    private var health = LiveHealth()
    private var control: PolicyControl?

    /// - Parameter scorer: overrides, ladder and policy; its model, if it has one, is not asked.
    init(world: World, scorer: Scorer) {
        self.world = world
        var policy = scorer.policy
        // It has nothing to learn, and a breaker would only guess at what it is told.
        policy.exploration.share = 0
        policy.control.breaker.openEvidence = 100
        self.scorer = Scorer(model: nil, ladder: scorer.ladder, policy: policy)
        control = PolicyControl(of: policy)
        health.control = policy.control
    }

    mutating func action(for flight: Flight, at now: Timestamp, loads: ProviderLoads) -> PolicyAction {
        // Named here, or every probability would copy the world.
        let world = world
        let routes = flight.job.providers.map { world.provider(named: $0) }
        health.advance(to: now)
        let decision = scorer.decide(
            PendingJob(job: flight.job), now: now, health: health, control: &control, workspace: &workspace
        ) { action in
            guard let route = routes[action.providerIndex] else { return 0 }
            let attemptAt = now + action.delayMilliseconds
            return Float(world.trueProbability(of: flight.pending, through: route, at: attemptAt, seenFrom: now, loads: loads))
        }
        return PolicyAction(decision)
    }

    /// Learns how full the routes are; all else it is told.
    mutating func observe(_ result: AttemptResult, of job: Job, through provider: String, at time: Timestamp) {
        health.observe(world.outcome(of: job, through: provider, at: time, result: result))
    }
}
