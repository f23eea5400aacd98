import Scoring

/// What the notification service did before Herald: a mixture, drawn anew for every attempt, so that every delay and route has
/// some probability and its effect can be learnt.
///
/// - `blind`: at once, same provider, whatever the failure was.
/// - `expo`: exponential back-off: the ladder's step for the attempt number, or a neighbour; mostly the same provider; stops after a permanent status.
/// - `rand`: any delay and provider, uniformly; stops after a permanent status.
package struct LoggingPolicy: Sendable {
    /// Which part of the mixture decided.
    ///
    /// Raw values are the words of the dataset's `logging_policy`.
    package enum Part: String, CaseIterable, Sendable {
        case blind
        case backoff = "expo"
        case random = "rand"
    }

    /// One decision.
    package struct Choice: Sendable {
        package var part: Part
        /// Index into the world's providers.
        package var provider: Int
        package var delayMilliseconds: Int64
        /// Probability with which the whole mixture chooses this delay and provider.
        package var propensity: Double
    }

    /// No notification gets more attempts.
    private static let maximumAttempts = PerTemplate(otp: 4, transactional: 5, alert: 4, marketing: 3)

    private static let firstWeights = (blind: 0.42, backoff: 0.43, random: 0.15)
    private static let retryWeights = (blind: 0.18, backoff: 0.5, random: 0.32)
    /// Back-off moves to the channel's next provider this often.
    private static let failover = 0.15

    private let ladder: [Int64]
    private let routes: PerChannel<[Int]>

    init(world: World, ladder: DelayLadder = .standard) {
        self.ladder = [0] + ladder.steps.map(\.milliseconds)
        routes = world.routeIndices
    }

    /// Decides on the next attempt; `nil` = none is made.
    ///
    /// - Parameters:
    ///   - provider: the last attempt's, or for the first attempt the one that the service would use.
    func choice(for pending: PendingAttempt, after status: DeliveryStatus, provider: Int, at now: Timestamp, key: SeedKey) -> Choice? {
        let attempt = pending.previousAttempts
        guard attempt < Self.maximumAttempts[pending.template], let feasible = feasibleDelays(pending, now) else { return nil }
        let weights = attempt == 0 ? Self.firstWeights : Self.retryWeights
        let draw = key[0].uniform
        if status.isPermanentFailure {
            guard draw < weights.blind else { return nil }
            return Choice(part: .blind, provider: provider, delayMilliseconds: 0, propensity: weights.blind)
        }
        let routes = routes[pending.channel]
        let next = routes[((routes.firstIndex(of: provider) ?? 0) + 1) % routes.count]
        var choice = Choice(part: .blind, provider: provider, delayMilliseconds: 0, propensity: 0)
        if draw >= weights.blind + weights.backoff {
            choice.part = .random
            choice.delayMilliseconds = ladder[Int(key[1].uniform * Double(feasible))]
            choice.provider = routes[Int(key[2].uniform * Double(routes.count))]
        } else if draw >= weights.blind {
            choice.part = .backoff
            choice.delayMilliseconds = ladder[Self.step(attempt, offset: Self.offset(key[1].uniform), feasible: feasible)]
            choice.provider = attempt > 0 && key[2].uniform < Self.failover ? next : provider
        }
        // Probability of this very choice under each part.
        let isSame = choice.provider == provider
        let blind = isSame && choice.delayMilliseconds == 0 ? 1.0 : 0
        let route = attempt == 0 ? (isSame ? 1 : 0) : isSame ? 1 - Self.failover : choice.provider == next ? Self.failover : 0
        let backoff = route * backoffChance(of: choice.delayMilliseconds, attempt, feasible)
        let random = 1 / Double(feasible * routes.count)
        choice.propensity = weights.blind * blind + weights.backoff * backoff + weights.random * random
        return choice
    }

    /// How many delays, 0 and the ladder's, end before the message expires; `nil` if none does.
    private func feasibleDelays(_ pending: PendingAttempt, _ now: Timestamp) -> Int? {
        guard let expiresAt = pending.expiresAt else { return ladder.count }
        let count = ladder.prefix { now + $0 < expiresAt }.count
        return count > 0 ? count : nil
    }

    private func backoffChance(of delay: Int64, _ attempt: Int, _ feasible: Int) -> Double {
        var chance = 0.0
        for (offset, share) in [(-1, 0.25), (0, 0.5), (1, 0.25)]
        where ladder[Self.step(attempt, offset: offset, feasible: feasible)] == delay { chance += share }
        return chance
    }

    private static func offset(_ draw: Double) -> Int {
        draw < 0.25 ? -1 : draw < 0.75 ? 0 : 1
    }

    /// The first attempt goes at once; then 1 m, 5 m, 15 m, 1 h, 3 h, one step up or down.
    private static func step(_ attempt: Int, offset: Int, feasible: Int) -> Int {
        attempt == 0 ? 0 : min(max(1, attempt + 1 + offset), feasible - 1)
    }
}
