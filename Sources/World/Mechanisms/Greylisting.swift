import Scoring

/// Mail hosts that turn a stranger away until some minutes after the first try (RFC 6647).
///
/// A host remembers who tried: the same provider passes once the hold is over, another provider's addresses may be strangers
/// again. Whether a message meets it is chance per notification, since providers send from changing addresses. A job does not say
/// when its first attempt was made, so from the third attempt on the time since creation counts.
struct Greylisting: Sendable {
    private let key: SeedKey
    private let minutes: ClosedRange<Double>
    private let otherRoute: Double

    init(key: SeedKey, parameters: WorldParameters) {
        self.key = key
        minutes = parameters.greylistMinutes
        otherRoute = parameters.greylistOtherRoute
    }

    /// Whether the host turns this attempt away.
    func holds(for pending: PendingAttempt, in country: Country, through provider: Int, at time: Timestamp) -> Bool {
        guard isMet(by: pending, in: country) else { return false }
        guard let last = pending.last else { return true }
        guard last.provider == provider else { return isStranger(pending, provider) }
        return holdMinutes(pending) > minutesSinceFirstTry(pending, last, at: time)
    }

    /// Chance of it, knowing what the last attempt taught: whether the host greylists, not how long.
    func chance(for pending: PendingAttempt, in country: Country, through provider: Int, at time: Timestamp) -> Double {
        guard let last = pending.last else { return share(of: pending, in: country) }
        guard isMet(by: pending, in: country) else { return 0 }
        guard last.provider == provider else { return otherRoute }
        // Known since the last attempt: still held then, or already passed.
        let then = pending.previousAttempts == 1 ? 0 : minutesSinceFirstTry(pending, last, at: last.attemptedAt)
        guard holdMinutes(pending) > then else { return 0 }
        let floor = max(then, minutes.lowerBound)
        let elapsed = minutesSinceFirstTry(pending, last, at: time)
        guard elapsed > floor else { return 1 }
        return max(0, (minutes.upperBound - elapsed) / (minutes.upperBound - floor))
    }

    private func share(of pending: PendingAttempt, in country: Country) -> Double {
        pending.channel == .email ? country.greylisting : 0
    }

    private func isMet(by pending: PendingAttempt, in country: Country) -> Bool {
        key[pending.notification][0].uniform < share(of: pending, in: country)
    }

    private func isStranger(_ pending: PendingAttempt, _ provider: Int) -> Bool {
        key[pending.notification][2 + UInt64(provider)].uniform < otherRoute
    }

    private func holdMinutes(_ pending: PendingAttempt) -> Double {
        minutes.lowerBound + key[pending.notification][1].uniform * (minutes.upperBound - minutes.lowerBound)
    }

    private func minutesSinceFirstTry(_ pending: PendingAttempt, _ last: PendingAttempt.Last, at time: Timestamp) -> Double {
        Double(time - (pending.previousAttempts == 1 ? last.attemptedAt : pending.createdAt)) / 60_000
    }
}
