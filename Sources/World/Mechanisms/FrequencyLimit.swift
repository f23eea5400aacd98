import Scoring

/// A recipient's host, carrier or device that has been written to too often and refuses for some tens of minutes.
///
/// Mail hosts answer it with 421, 450 or even "550 frequency limited", which is transient whatever its first digit says.
struct FrequencyLimit: Sendable {
    private let condition: PassingCondition
    private let share: PerChannel<Double>

    init(key: SeedKey, parameters: WorldParameters) {
        condition = PassingCondition(key: key, meanMilliseconds: parameters.frequencyLimitMilliseconds)
        share = parameters.frequencyLimit
    }

    /// Whether the limit is in force.
    func holds(for pending: PendingAttempt, at time: Timestamp) -> Bool {
        condition.holds(for: pending.address, share: share[pending.channel], at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, at time: Timestamp) -> Double {
        condition.chance(share: share[pending.channel], at: time, found: pending.findings.frequencyLimit)
    }
}
