import Scoring

/// SMS carriers' filters, country × template: every provider delivers through the same carriers, so changing it does not help.
///
/// Unregistered marketing is filtered most: 10DLC in the USA, DLT templates in India, sender registration in Turkey and the Gulf.
struct CarrierFilter: Sendable {
    private let condition: PassingCondition
    private let share: PerTemplate<Double>

    init(key: SeedKey, parameters: WorldParameters) {
        condition = PassingCondition(key: key, meanMilliseconds: parameters.carrierFilterMilliseconds)
        share = parameters.carrierFilter
    }

    /// Whether the carrier stops the message.
    func holds(for pending: PendingAttempt, in country: Country, at time: Timestamp) -> Bool {
        condition.holds(for: pending.notification, share: share(pending, country), at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, in country: Country, at time: Timestamp) -> Double {
        condition.chance(share: share(pending, country), at: time, found: pending.findings.carrierFilter)
    }

    private func share(_ pending: PendingAttempt, _ country: Country) -> Double {
        pending.channel == .sms ? share[pending.template] * country.carrierStrictness : 0
    }
}
