/// What a place in a route's queue costs: the shadow price λ of its capacity, in points, and what the route takes a second.
///
/// A pure function of the outcomes counted and the time asked, the same in every scorer.
///
/// **Price.** A route that throttles is asked for more than it takes. λ is the multiplier of that constraint, found by dual ascent (Arrow,
/// Hurwicz and Uzawa 1958; for networks Kelly, Maulloo and Tan, "Rate control for communication networks", 1998): it rises while the
/// constraint is broken and falls while there is slack, and since every action through the route pays it, what is worth least steps aside
/// first. With s the decayed share of throttled outcomes and s* what is tolerated:
///
///     λ ← clamp(λ · 2^(−Δt / half-life) + min(rise · Δt, step) · (s − s*), 0, maximum)
///
/// Steps go by event time, so that a busy route's price does not run away with the number of its outcomes; `step` bounds what a single
/// outcome after a silence does. The half-life brings λ back to 0 where nothing is sent any more, because nothing is.
///
/// **Capacity.** While it throttles, what a route accepts is what it can take (Brakmo and Peterson's measured throughput in TCP Vegas; the
/// decrease and increase of Chiu and Jain 1989). A throttled outcome pulls the estimate towards the accepted rate; without throttling the
/// estimate grows by doublings, until it is forgotten.
package struct RoutePrice: Equatable, Sendable {
    /// Highest price that parameters allow.
    static let largestPoints = 1_000_000.0
    /// Share of the distance to the accepted rate that a throttled outcome takes the estimate.
    private static let capacityStep = 0.25
    /// Most outcomes a second that are believed.
    static let largestCapacity = 1e9

    /// Decayed sums over the fast window as of `at`.
    struct Window: Equatable, Codable, Sendable {
        var outcomes = 0.0
        var throttled = 0.0
        /// Outcomes with an answer other than throttling: what the route took.
        var accepted = 0.0

        mutating func fade(to remaining: Double) {
            outcomes *= remaining
            throttled *= remaining
            accepted *= remaining
        }
    }

    /// Time of the youngest outcome.
    private(set) var at: Timestamp
    private(set) var window = Window()
    /// λ as of `at`.
    private(set) var pointsThen = 0.0
    /// Capacity per second as of `at`; `nil` where none was learned.
    private(set) var capacityThen: Double?
    /// When a throttled outcome last said something of the capacity.
    private(set) var throttledAt: Timestamp?

    package init(at: Timestamp) {
        self.at = at
    }

    // MARK: Reading

    /// λ at `now`, in points, in [0, `maximumPoints`].
    package func points(at now: Timestamp, _ parameters: ControlParameters.Price) -> Double {
        guard pointsThen > 0 else { return 0 }
        return min(pointsThen * Self.remaining(now - at, parameters.halfLifeSeconds), parameters.maximumPoints)
    }

    /// Outcomes a second that the route accepts from everybody, as learned from throttling; `nil` where it has not throttled lately.
    package func capacityPerSecond(at now: Timestamp, _ parameters: ControlParameters.Price) -> Double? {
        guard let capacityThen, let throttledAt, Double(now - throttledAt) < parameters.capacityMemorySeconds * 1000 else { return nil }
        let remaining = Self.remaining(now - at, parameters.capacityDoublingSeconds)
        return remaining > 0 ? min(capacityThen / remaining, Self.largestCapacity) : nil
    }

    private static func remaining(_ milliseconds: Int64, _ halfLifeSeconds: Double) -> Double {
        Decay.remaining(afterHalfLives: Double(max(0, milliseconds)) / (halfLifeSeconds * 1000))
    }

    // MARK: Counting

    /// Counts an outcome; one that is older than the youngest moves no price, but weighs in the window with what its age leaves.
    mutating func count(_ outcome: HealthOutcome, _ parameters: ControlParameters.Price) {
        let time = max(at, outcome.occurredAt)
        let capacity = capacityPerSecond(at: time, parameters)
        pointsThen = points(at: time, parameters)
        let elapsed = time - at
        window.fade(to: Self.remaining(elapsed, parameters.windowHalfLifeSeconds))
        at = time
        let weight = Self.remaining(time - outcome.occurredAt, parameters.windowHalfLifeSeconds)
        window.outcomes += weight
        if outcome.isThrottled { window.throttled += weight }
        if !outcome.isThrottled, outcome.routeSign != .fails { window.accepted += weight }
        let excess = throttledShare(parameters) - parameters.targetThrottledShare
        let step = min(parameters.risePointsPerSecond * Double(elapsed) / 1000, parameters.stepPoints)
        pointsThen = min(max(0, pointsThen + step * excess), parameters.maximumPoints)
        capacityThen = capacity
        // A recipient's limits throttle single messages; a route at its limit throttles many.
        let isAtLimit =
            window.throttled >= parameters.capacityThrottledOutcomes && throttledShare(parameters) >= parameters.capacityThrottledShare
        if outcome.isThrottled, isAtLimit { learnCapacity(parameters) }
    }

    private func throttledShare(_ parameters: ControlParameters.Price) -> Double {
        window.throttled / (window.outcomes + parameters.windowPriorOutcomes)
    }

    private mutating func learnCapacity(_ parameters: ControlParameters.Price) {
        // A sum that decays by half-lives holds half-life / ln 2 seconds' worth.
        let rate = window.accepted * 0.693_147_180_559_945_3 / parameters.windowHalfLifeSeconds
        let accepted = max(rate, parameters.minimumCapacityPerSecond)
        capacityThen = capacityThen.map { $0 + (accepted - $0) * Self.capacityStep } ?? accepted
        throttledAt = at
    }
}

// MARK: Snapshot

extension RoutePrice: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case window
        case pointsThen = "points"
        case capacityThen = "capacity_per_s"
        case throttledAt = "throttled_at"
    }

    /// What no sequence of outcomes leads to; `nil` for a state that is possible.
    func defect(advancedTo: Timestamp) -> String? {
        guard at <= advancedTo, throttledAt.map({ $0 <= at }) ?? true else { return "the times of its price lie ahead of one another" }
        let sums = [window.outcomes, window.throttled, window.accepted]
        guard sums.allSatisfy({ (0...1e20).contains($0) }), window.throttled + window.accepted <= window.outcomes * (1 + 1e-9) else {
            return "the outcomes of its price are out of range"
        }
        guard (0...Self.largestPoints).contains(pointsThen), capacityThen.map({ $0 > 0 && $0 <= Self.largestCapacity }) ?? true else {
            return "its price or capacity is out of range"
        }
        return nil
    }
}
