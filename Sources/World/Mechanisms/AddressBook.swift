import Scoring

/// Addresses that never work and recipients who refuse for good: a bad address stays bad.
///
/// Drawn once per recipient and channel, so that all notifications to one recipient share it. Shares: typical hard-bounce and
/// complaint rates of a mailing list, more where lists are old.
struct AddressBook: Sendable {
    private let key: SeedKey
    private let invalid: PerChannel<Double>
    private let blocked: PerChannel<Double>

    init(key: SeedKey, parameters: WorldParameters) {
        self.key = key
        invalid = parameters.invalidAddress
        blocked = parameters.blocked
    }

    /// Whether the address does not exist.
    func isInvalid(_ pending: PendingAttempt, in country: Country) -> Bool {
        key[pending.address][0].uniform < invalid[pending.channel] * country.listDecay
    }

    /// Whether the recipient refuses this template; only marketing can be refused.
    func isBlocked(_ pending: PendingAttempt, in country: Country) -> Bool {
        pending.template == .marketing && key[pending.address][1].uniform < blocked[pending.channel] * country.listDecay
    }
}
