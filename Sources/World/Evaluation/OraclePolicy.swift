import Scoring

/// The optimiser with true probabilities: the bound that policies are measured against.
///
/// Weighs now and every ladder delay through each permitted provider as `UtilityPolicy` does (docs of the target `Scoring`), with the
/// world's own probabilities in place of the model's, and with lateness counted from the notification's creation:
///
///     Q = p · v(t + d + ℓ) − c + (1 − p) · W,   W = max(0, γ · p* · v(t + d + ℓ + b) − c)
///
/// Its continuation looks one attempt ahead with the best chance p* at or after the backoff step b.
struct OraclePolicy {
    private let world: World
    private let parameters: PolicyParameters
    private let ladder: [Int64]

    init(world: World, parameters: PolicyParameters) {
        self.world = world
        self.parameters = parameters
        ladder = [0] + DelayLadder.standard.steps.map(\.milliseconds)
    }

    func action(for job: Job, _ pending: PendingAttempt, at now: Timestamp, loads: ProviderLoads) -> PolicyAction {
        let terms = parameters.templates[job.templateType]
        let channel = parameters.channels[job.channel]
        guard job.previousAttempts < terms.maximumAttempts else { return .giveUp }
        let latency = Int64(channel.expectedLatencySeconds * 1000)
        let patience = now + Int64(parameters.patienceHalfLives * terms.halfLifeSeconds * 1000)
        let delays = ladder.prefix { delay in
            now + delay <= patience && job.expiresAt.map { now + delay + latency < $0 } ?? true
        }
        let routes = world.routeIndices[job.channel]
        // By delay: the best chance and its route.
        let best = delays.map { delay in
            routes.map { (world.trueProbability(of: pending, through: $0, at: now + delay, seenFrom: now, loads: loads), $0) }
                .max { $0.0 < $1.0 } ?? (0, 0)
        }
        var chosen: (utility: Double, delay: Int64, route: Int)?
        for (index, delay) in delays.enumerated() {
            let (chance, route) = best[index]
            let arrival = now + delay + latency
            let utility =
                chance * value(of: job, at: arrival) - channel.attemptCost
                + (1 - chance) * continuation(of: job, failedAt: arrival, chances: best.map(\.0), channel: channel)
            if utility > chosen?.utility ?? 0 { chosen = (utility, delay, route) }
        }
        guard let chosen else { return .giveUp }
        return chosen.delay == 0
            ? .attempt(provider: world.providers[chosen.route].name, afterMilliseconds: 0) : .reconsider(afterMilliseconds: chosen.delay)
    }

    /// The ladder's step after so many failures, ≥ 1.
    private func backoffMilliseconds(afterFailures failures: Int) -> Int64 {
        ladder[min(failures, ladder.count - 1)]
    }

    /// Points for a delivery at `time`.
    private func value(of job: Job, at time: Timestamp) -> Double {
        DeliveryValue(parameters: parameters).value(of: job, at: time)
    }

    private func continuation(
        of job: Job, failedAt time: Timestamp, chances: [Double], channel: PolicyParameters.ChannelTerms
    ) -> Double {
        guard job.previousAttempts + 1 < parameters.templates[job.templateType].maximumAttempts, let best = chances.max() else { return 0 }
        let step = backoffMilliseconds(afterFailures: job.previousAttempts + 1)
        return max(0, parameters.retryDiscount * best * value(of: job, at: time + step) - channel.attemptCost)
    }
}
