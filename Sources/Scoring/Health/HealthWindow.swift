/// The two memories of live health.
package enum HealthWindow: String, CaseIterable, Sendable {
    /// Follows an outage within minutes.
    case short
    /// Knows what a route is like on an ordinary day.
    case long

    /// Half-lives of 20 minutes and 2 days.
    ///
    /// Of the pairs 8 min/8 h/4 d, 10 min/7 d, 15 min/4 h/3 d, 20 min/2 d and 30 min/1 d tried on `data/`, this and 10 min/7 d gave the best
    /// log loss of a model; a third memory gave nothing.
    package var halfLifeMilliseconds: Int64 {
        switch self {
        case .short: 1_200_000
        case .long: 172_800_000
        }
    }

    /// Weight of an outcome that is `milliseconds` ≥ 0 old, in (0, 1], and 0 after a thousand half-lives.
    func remaining(after milliseconds: Int64) -> Double {
        Decay.remaining(afterHalfLives: Double(milliseconds) / Double(halfLifeMilliseconds))
    }
}
