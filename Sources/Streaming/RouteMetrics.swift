internal import Broker
internal import Metrics
internal import Scoring

/// The breakers of the routes as gauges: of `limit` routes at most, for their names come from messages.
final class RouteMetrics: Sendable {
    /// Routes that are shown by name; those that are not closed come first.
    static let limit = 200

    private let factory: any MetricsFactory
    /// Number of routes in each state, whether shown by name or not.
    private let totals: [Gauge]
    /// By route, one gauge for each state.
    private let shown = Monitor([String: [Gauge]]())

    init(factory: any MetricsFactory) {
        self.factory = factory
        totals = CircuitBreaker.State.allCases.map { state in
            Gauge(label: "herald_route_breakers", dimensions: [("state", state.rawValue)], factory: factory)
        }
    }

    func show(_ breakers: [(provider: String, state: CircuitBreaker.State)]) {
        for (state, total) in zip(CircuitBreaker.State.allCases, totals) { total.record(breakers.count { $0.state == state }) }
        let named = breakers.sorted { ($0.state == .closed ? 1 : 0, $0.provider) < ($1.state == .closed ? 1 : 0, $1.provider) }
            .prefix(Self.limit)
        shown.withLock { shown in
            let names = Set(named.map(\.provider))
            for (provider, gauges) in shown where !names.contains(provider) {
                for gauge in gauges { gauge.destroy() }
                shown[provider] = nil
            }
            for (provider, state) in named {
                let gauges = shown[provider] ?? makeGauges(of: provider)
                shown[provider] = gauges
                for (gauge, other) in zip(gauges, CircuitBreaker.State.allCases) { gauge.record(other == state ? 1 : 0) }
            }
        }
    }

    private func makeGauges(of provider: String) -> [Gauge] {
        CircuitBreaker.State.allCases.map { state in
            Gauge(
                label: "herald_route_breaker_state", dimensions: [("provider", provider), ("state", state.rawValue)], factory: factory)
        }
    }
}
