/// How many retries may go out: a share of the first attempts, over all routes and for each.
///
/// Retries answer failures, and a failing system produces failures: without a budget, load grows just where there is the least capacity.
/// First attempts deposit tokens, retries spend them, so that retries stay a bounded multiple of the first attempts; a trickle by time
/// keeps a quiet service able to retry. After Finagle's `RetryBudget` and "Handling overload" in Beyer, Jones, Petoff and Murphy,
/// *Site Reliability Engineering*, 2016, chapter 21.
///
/// Counts what this scorer dispatched: with n scorers on a queue each sees its share, and so do the budgets, trickle and depth apart.
package struct RetryBudget: Equatable, Sendable {
    private let parameters: ControlParameters.RetryBudget
    private var global: TokenBucket
    /// By the route's number; those beyond are full.
    private var routes: [TokenBucket] = []

    /// A full budget.
    package init(_ parameters: ControlParameters.RetryBudget) {
        self.parameters = parameters
        global = TokenBucket(tokens: parameters.global.depth)
    }

    /// Whether all routes together have a retry left.
    package func canRetry(at now: Timestamp) -> Bool {
        hasToken(global, parameters.global, at: now)
    }

    /// Whether `route` has a retry left; the global budget is asked apart.
    package func canRetry(route: Int, at now: Timestamp) -> Bool {
        guard route < routes.count else { return true }
        return hasToken(routes[route], parameters.route, at: now)
    }

    /// A first attempt goes out through `route`.
    package mutating func noteFirstAttempt(route: Int, at now: Timestamp) {
        add(parameters.global.ratio, parameters.route.ratio, route: route, at: now)
    }

    /// A retry goes out through `route`, whether or not the budget had one left.
    package mutating func noteRetry(route: Int, at now: Timestamp) {
        add(-1, -1, route: route, at: now)
    }

    /// `route` stands for another one from now on.
    package mutating func reset(route: Int) {
        if route < routes.count { routes[route] = TokenBucket(tokens: parameters.route.depth) }
    }

    /// See `TokenBucket.setBack(by:)`.
    package mutating func setBack(by milliseconds: Int64) {
        global.setBack(by: milliseconds)
        for route in routes.indices { routes[route].setBack(by: milliseconds) }
    }

    private func hasToken(_ bucket: TokenBucket, _ terms: ControlParameters.RetryBudget.Terms, at now: Timestamp) -> Bool {
        bucket.hasToken(at: now, perSecond: terms.minimumPerSecond, depth: terms.depth)
    }

    private mutating func add(_ globalAmount: Double, _ routeAmount: Double, route: Int, at now: Timestamp) {
        while routes.count <= route { routes.append(TokenBucket(tokens: parameters.route.depth)) }
        global.add(globalAmount, at: now, perSecond: parameters.global.minimumPerSecond, depth: parameters.global.depth)
        routes[route].add(routeAmount, at: now, perSecond: parameters.route.minimumPerSecond, depth: parameters.route.depth)
    }
}
