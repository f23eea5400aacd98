import Scoring

/// Mail hosts that turn a stranger away until some minutes after the first try (RFC 6647).
///
/// A host remembers who tried: the same provider passes once the hold is over, another provider's addresses may be strangers
/// again. Whether a message meets it is chance per notification, since providers send from changing addresses.
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
        return holdMinutes(pending) > minutesSinceFirstTry(pending, at: time)
    }

    /// Chance of it, knowing whether an attempt has met it, but not how long it lasts.
    func chance(for pending: PendingAttempt, in country: Country, through provider: Int, at time: Timestamp) -> Double {
        let share = share(of: pending, in: country)
        guard share > 0, let last = pending.last else { return share }
        let found = pending.findings.greylisting
        if let found, !found.held { return 0 }
        let greylists = found == nil ? share : 1
        guard last.provider == provider else { return greylists * otherRoute }
        // Held when it was met, so the hold is longer than what had passed then.
        let then = found.map { minutesSinceFirstTry(pending, at: $0.at) } ?? 0
        let floor = max(then, minutes.lowerBound)
        let elapsed = minutesSinceFirstTry(pending, at: time)
        guard elapsed > floor else { return greylists }
        return elapsed >= minutes.upperBound ? 0 : greylists * (minutes.upperBound - elapsed) / (minutes.upperBound - floor)
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

    private func minutesSinceFirstTry(_ pending: PendingAttempt, at time: Timestamp) -> Double {
        Double(time - (pending.firstAttemptAt ?? time)) / 60_000
    }
}
