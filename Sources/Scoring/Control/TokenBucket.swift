/// Tokens that come in by time or by deposit and are spent one by one, on event time.
///
/// A bucket holds at most its depth and may owe as much: an attempt that had to be made in spite of an empty bucket delays the next.
package struct TokenBucket: Equatable, Sendable {
    /// As of `at`, in [−depth, depth].
    package private(set) var tokens: Double
    private var at: Timestamp?

    /// What rounding may take from a whole token, at the largest depth that parameters allow.
    private static let leeway = 1e-6

    /// - Parameter tokens: to begin with, ≥ 0.
    package init(tokens: Double) {
        self.tokens = tokens
    }

    /// Tokens at `now`.
    ///
    /// - Parameters:
    ///   - perSecond: tokens that come in each second, ≥ 0.
    ///   - depth: most tokens, > 0.
    package func tokens(at now: Timestamp, perSecond: Double, depth: Double) -> Double {
        let seconds = at.map { Double(max(0, now - $0)) / 1000 } ?? 0
        return max(-depth, min(depth, tokens + seconds * perSecond))
    }

    /// Whether a whole token is there at `now`.
    package func hasToken(at now: Timestamp, perSecond: Double, depth: Double) -> Bool {
        tokens(at: now, perSecond: perSecond, depth: depth) >= 1 - Self.leeway
    }

    /// The clock goes on from `milliseconds` earlier: what has come in so far stays, and what comes in goes on at the same rate.
    package mutating func setBack(by milliseconds: Int64) {
        at = at.map { $0 + -milliseconds }
    }

    /// Adds `amount` (negative: spends it) at `now`; an earlier `now` than the last counts as the last.
    package mutating func add(_ amount: Double, at now: Timestamp, perSecond: Double, depth: Double) {
        tokens = max(-depth, min(depth, tokens(at: now, perSecond: perSecond, depth: depth) + amount))
        at = max(at ?? now, now)
    }

    /// Milliseconds from `now` until a token is there, rounded up; 0 where one is, `nil` where none ever comes in by time.
    package func delayUntilFree(at now: Timestamp, perSecond: Double, depth: Double) -> Int64? {
        let missing = 1 - tokens(at: now, perSecond: perSecond, depth: depth)
        guard missing > Self.leeway else { return 0 }
        guard perSecond > 0, depth >= 1 else { return nil }
        return Int64(min(1e15, (missing / perSecond * 1000).rounded(.up)))
    }
}
