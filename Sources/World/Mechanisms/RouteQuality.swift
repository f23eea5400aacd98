import Scoring

/// How well a provider carries messages into a country, and the passing faults that follow from it.
///
/// Log-odds of passing = the provider's quality + its fixed affinity with the country + half the country's infrastructure + slow
/// drift + abrupt change − loss in busy hours − loss per SMS segment. A fault stays with the message on that route for minutes, so
/// an immediate retry through the same provider mostly meets it again, and another provider does not.
struct RouteQuality: Sendable {
    private let conditions: PerChannel<PassingCondition>
    /// By provider, then by country.
    private let base: [[Double]]
    private let drift: [QualityDrift]
    private let changes: [Change]
    private let busyHourLoss: Double
    private let segmentLoss: Double
    /// Activity by UTC hour, 1 at the busiest.
    private let busyness: [Double]

    /// A change of one provider's log-odds at one moment.
    struct Change: Sendable {
        let provider: Int
        let at: Timestamp
        let shift: Double
    }

    init(key: SeedKey, parameters: WorldParameters, changes: [Change], curve: TrafficCurve) {
        let means = parameters.routeFaultMilliseconds
        conditions = PerChannel(
            email: PassingCondition(key: key[1], meanMilliseconds: means.email),
            sms: PassingCondition(key: key[2], meanMilliseconds: means.sms),
            push: PassingCondition(key: key[3], meanMilliseconds: means.push))
        // Structure, not fate: the same for every seed.
        let structure = SeedKey(seed: UInt64(WorldParameters.version))
        base = WorldParameters.providers.enumerated().map { index, provider in
            WorldParameters.countries.enumerated().map { number, country in
                let affinity = parameters.affinityDeviation * structure[UInt64(index)][UInt64(number)].normal
                return provider.quality + affinity + country.infrastructure[provider.channel] / 2
            }
        }
        drift = WorldParameters.providers.indices.map {
            QualityDrift(key: key[100 + UInt64($0)], deviation: parameters.driftDeviation, epoch: WorldParameters.epoch)
        }
        self.changes = changes
        busyHourLoss = parameters.busyHourLoss
        segmentLoss = parameters.segmentLoss
        busyness = curve.busyness
    }

    /// Whether a fault lies on the way.
    func isFaulty(for pending: PendingAttempt, through provider: Int, at time: Timestamp) -> Bool {
        conditions[pending.channel].holds(
            for: pending.passage(through: provider), share: share(pending, provider, at: time), at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, through provider: Int, at time: Timestamp) -> Double {
        conditions[pending.channel].chance(
            share: share(pending, provider, at: time), at: time, found: pending.findings.routeFault(of: provider))
    }

    /// Log-odds of passing at `time`, without incidents.
    func logOdds(_ pending: PendingAttempt, _ provider: Int, at time: Timestamp) -> Double {
        let hour = Int(time.milliseconds.divided(by: 3_600_000) % 24)
        var sum = base[provider][pending.country] + drift[provider].shift(at: time)
        sum -= busyHourLoss * busyness[hour < 0 ? hour + 24 : hour]
        if pending.channel == .sms { sum -= segmentLoss * Double(max(0, (pending.payloadSize - 1) / 153)) }
        for change in changes where change.provider == provider && time >= change.at { sum += change.shift }
        return sum
    }

    private func share(_ pending: PendingAttempt, _ provider: Int, at time: Timestamp) -> Double {
        Exact.logistic(-logOdds(pending, provider, at: time))
    }
}
