import Scoring

/// Mailboxes over quota: full for a day or two, until their owner or the host clears them.
///
/// Mail only.
struct Mailbox: Sendable {
    private let condition: PassingCondition
    private let share: Double

    init(key: SeedKey, parameters: WorldParameters) {
        condition = PassingCondition(key: key, meanMilliseconds: parameters.mailboxFullMilliseconds)
        share = parameters.mailboxFull
    }

    /// Whether the recipient's mailbox is full.
    func isFull(for pending: PendingAttempt, at time: Timestamp) -> Bool {
        pending.channel == .email && condition.holds(for: pending.address, share: share, at: time)
    }

    /// Chance of it, knowing how it was last found.
    func chance(for pending: PendingAttempt, at time: Timestamp) -> Double {
        pending.channel == .email ? condition.chance(share: share, at: time, found: pending.findings.mailbox) : 0
    }
}
