import Scoring

/// Content filters: what a provider and the hosts it delivers to take for spam, by template.
///
/// A message that was filtered stays filtered on that route until the filter learns otherwise, a day or so later.
struct SpamFilter: Sendable {
    /// Mail beyond this size is clipped and scored worse by large mailbox providers.
    private static let largeMailBytes = 100_000

    private let condition: PassingCondition
    private let share: PerTemplate<Double>
    private let byChannel: PerChannel<Double>
    private let strictness: [Double]

    init(key: SeedKey, parameters: WorldParameters) {
        condition = PassingCondition(key: key, meanMilliseconds: parameters.spamFilterMilliseconds)
        share = parameters.spamFilter
        byChannel = parameters.spamFilterByChannel
        strictness = WorldParameters.providers.map(\.filterStrictness)
    }

    /// Whether the filter stops the message.
    func holds(for pending: PendingAttempt, through provider: Int, at time: Timestamp) -> Bool {
        condition.holds(for: pending.passage(through: provider), share: share(pending, provider), at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, through provider: Int, at time: Timestamp) -> Double {
        condition.chance(share: share(pending, provider), at: time, found: pending.findings.spamFilter(of: provider))
    }

    private func share(_ pending: PendingAttempt, _ provider: Int) -> Double {
        let large = pending.channel == .email && pending.payloadSize > Self.largeMailBytes ? 1.8 : 1
        return share[pending.template] * byChannel[pending.channel] * strictness[provider] * large
    }
}
