/// This scorer's dispatches through each route against a rate: a token bucket a route.
///
/// The rate is the configured one or the capacity that `RoutePrice` has learned, whichever is lower, times this scorer's share of it;
/// it is passed in with each question because it changes with the outcomes. No rate, no limit.
package struct RouteRate: Equatable, Sendable {
    private let parameters: ControlParameters.Rate
    /// By the route's number; those beyond have dispatched nothing.
    private var routes: [TokenBucket?] = []

    package init(_ parameters: ControlParameters.Rate) {
        self.parameters = parameters
    }

    /// What this scorer may dispatch through a provider, per second; `nil` = without limit.
    ///
    /// - Parameter learned: what the provider takes from everybody, if it is known.
    package func allowed(_ provider: String, learned: Double?) -> Double? {
        // Most services configure none: the name is not even hashed.
        let configured = parameters.perSecond.isEmpty ? nil : parameters.perSecond[provider]
        guard let lowest = configured ?? learned else { return nil }
        return min(lowest, learned ?? lowest) * parameters.ownShare
    }

    /// Whether one more dispatch through `route` stays within `perSecond`.
    package func isWithinRate(route: Int, perSecond: Double?, at now: Timestamp) -> Bool {
        delayUntilFree(route: route, perSecond: perSecond, at: now) == 0
    }

    /// Milliseconds until one more dispatch through `route` stays within `perSecond`; 0 = at once.
    package func delayUntilFree(route: Int, perSecond: Double?, at now: Timestamp) -> Int64 {
        guard let perSecond, route < routes.count, let bucket = routes[route] else { return 0 }
        return bucket.delayUntilFree(at: now, perSecond: perSecond, depth: depth(perSecond)) ?? Self.longestDelayMilliseconds
    }

    /// A dispatch goes out through `route`, within the rate or not.
    package mutating func note(route: Int, perSecond: Double?, at now: Timestamp) {
        while routes.count <= route { routes.append(nil) }
        guard let perSecond else {
            // Without a limit there is nothing to owe.
            routes[route] = nil
            return
        }
        var bucket = routes[route] ?? TokenBucket(tokens: depth(perSecond))
        bucket.add(-1, at: now, perSecond: perSecond, depth: depth(perSecond))
        routes[route] = bucket
    }

    /// `route` stands for another one from now on.
    package mutating func reset(route: Int) {
        if route < routes.count { routes[route] = nil }
    }

    /// See `TokenBucket.setBack(by:)`.
    package mutating func setBack(by milliseconds: Int64) {
        for route in routes.indices { routes[route]?.setBack(by: milliseconds) }
    }

    /// Longer than any step of a ladder.
    private static let longestDelayMilliseconds: Int64 = 30 * 86_400_000

    /// At least one whole token, or nothing would ever go out.
    private func depth(_ perSecond: Double) -> Double { max(1, perSecond * parameters.burstSeconds) }
}
