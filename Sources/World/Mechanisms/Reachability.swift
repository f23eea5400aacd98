import Scoring

/// Devices that are off or out of reach, by the recipient's local hour: people sleep, trains run through tunnels.
///
/// The provider keeps the message for a while and delivers when the device comes back; otherwise it expires. Push and SMS only.
/// Everybody's clock is a little off the country's.
struct Reachability: Sendable {
    private let conditions: PerChannel<PassingCondition>
    private let shares: PerChannel<[Double]>
    private let weekendMorning: Double
    private let chronotypeMinutes: Double
    private let key: SeedKey

    init(key: SeedKey, parameters: WorldParameters) {
        let means = parameters.offlineMilliseconds
        conditions = PerChannel(
            email: PassingCondition(key: key[1], meanMilliseconds: means.email),
            sms: PassingCondition(key: key[2], meanMilliseconds: means.sms),
            push: PassingCondition(key: key[3], meanMilliseconds: means.push))
        shares = parameters.offlineByHour
        weekendMorning = parameters.weekendMorning
        chronotypeMinutes = parameters.chronotypeMinutes
        self.key = key[4]
    }

    /// What becomes of an attempt at a device.
    enum Verdict: Equatable {
        case reached(afterMilliseconds: Int64)
        case expired
    }

    /// Whether the device is reached before the provider's hold or the message's life ends.
    func verdict(for pending: PendingAttempt, in country: Country, through provider: Provider, at time: Timestamp) -> Verdict {
        let share = share(pending, country, at: time)
        let condition = conditions[pending.channel]
        guard condition.holds(for: pending.address, share: share, at: time) else { return .reached(afterMilliseconds: 0) }
        let latest = time + Self.hold(of: pending, through: provider, at: time)
        let end = condition.end(for: pending.address, share: share, after: time, upTo: latest)
        return end.map { .reached(afterMilliseconds: $0 - time) } ?? .expired
    }

    /// Chance that the message expires unreached, knowing how the device was last found.
    func chanceOfExpiry(for pending: PendingAttempt, in country: Country, through provider: Provider, at time: Timestamp) -> Double {
        guard pending.channel != .email else { return 0 }
        let share = share(pending, country, at: time)
        let condition = conditions[pending.channel]
        let found = pending.findings.offline
        let offline = condition.chance(
            share: share, at: time, found: found, shareThen: found.map { self.share(pending, country, at: $0.at) })
        return offline * condition.survival(over: Self.hold(of: pending, through: provider, at: time), share: share)
    }

    /// How long a message that is delivered is held before, knowing how the device was last found: chances of not being held, of each of
    /// some stretches of equal chance with the milliseconds in their middle, and of none, which is the chance of expiry.
    func holds(
        for pending: PendingAttempt, in country: Country, through provider: Provider, at time: Timestamp, stretches: Int
    ) -> [(chance: Double, milliseconds: Int64)] {
        guard pending.channel != .email else { return [(1, 0)] }
        let share = share(pending, country, at: time)
        let condition = conditions[pending.channel]
        let found = pending.findings.offline
        let offline = condition.chance(
            share: share, at: time, found: found, shareThen: found.map { self.share(pending, country, at: $0.at) })
        let limit = Self.hold(of: pending, through: provider, at: time)
        let ending = 1 - condition.survival(over: limit, share: share)
        let chance = offline * ending / Double(stretches)
        return [(1 - offline, 0)]
            + (0..<stretches).map { stretch in
                // Release is without memory: the time by which a share of the held is released is exponential in it.
                let survival = 1 - ending * (Double(stretch) + 0.5) / Double(stretches)
                return (chance, min(limit, condition.time(untilSurvival: survival, share: share)))
            }
    }

    /// How long the provider waits: its own limit, or until the message expires.
    static func hold(of pending: PendingAttempt, through provider: Provider, at time: Timestamp) -> Int64 {
        guard let expiresAt = pending.expiresAt else { return provider.holdMilliseconds }
        return max(0, min(provider.holdMilliseconds, expiresAt - time))
    }

    /// Share of such devices out of reach at `time`, between two hours in proportion.
    private func share(_ pending: PendingAttempt, _ country: Country, at time: Timestamp) -> Double {
        guard pending.channel != .email else { return 0 }
        let table = shares[pending.channel]
        let offset = (key[pending.recipient].uniform * 2 - 1) * chronotypeMinutes
        let minute = (country.localMinuteOfWeek(at: time) + 10_080 + Int(offset)) % 10_080
        let hour = minute / 60 % 24
        let part = Double(minute % 60) / 60
        let share = table[hour] + (table[(hour + 1) % 24] - table[hour]) * part
        let isWeekendMorning = minute >= 5 * 1440 && (6..<10).contains(hour)
        return isWeekendMorning ? share * weekendMorning : share
    }
}
