import Scoring

/// Passing faults at the recipient's end: a busy mail host, a carrier's switching centre, a push connection being set up.
///
/// No other provider gets round it: only time helps. More frequent where the infrastructure is weak.
struct HostFault: Sendable {
    private let conditions: PerChannel<PassingCondition>
    private let logOdds: PerChannel<Double>

    init(key: SeedKey, parameters: WorldParameters) {
        let means = parameters.hostFaultMilliseconds
        conditions = PerChannel(
            email: PassingCondition(key: key[1], meanMilliseconds: means.email),
            sms: PassingCondition(key: key[2], meanMilliseconds: means.sms),
            push: PassingCondition(key: key[3], meanMilliseconds: means.push))
        let share = parameters.hostFault
        logOdds = PerChannel(email: Self.logOdds(share.email), sms: Self.logOdds(share.sms), push: Self.logOdds(share.push))
    }

    /// Whether the host is faulty.
    func holds(for pending: PendingAttempt, in country: Country, at time: Timestamp) -> Bool {
        conditions[pending.channel].holds(for: pending.address, share: share(pending, country), at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, in country: Country, at time: Timestamp) -> Double {
        conditions[pending.channel].chance(share: share(pending, country), at: time, found: pending.findings.hostFault)
    }

    private func share(_ pending: PendingAttempt, _ country: Country) -> Double {
        Exact.logistic(logOdds[pending.channel] - country.infrastructure[pending.channel])
    }

    private static func logOdds(_ share: Double) -> Double {
        Exact.log(share / (1 - share))
    }
}
