package import Hummingbird
package import Scoring
package import Streaming

/// `GET /queues`: how full the queues are, how fast they move, and how the routes are.
///
/// Answers from what was measured last, so it costs the broker nothing and goes on when the broker is away, saying so.
package struct QueuesRoute {
    static let largestRoutes = 1000
    static let defaultRoutes = 200

    private let watch: QueueWatch
    private let health: SharedHealth
    private let isFollowing: @Sendable () -> Bool
    private let clock: @Sendable () -> Timestamp
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - isFollowing: whether live health learns of outcomes right now.
    ///   - clock: live health's, which a simulation runs faster.
    ///   - now: the wall clock.
    package init(
        watch: QueueWatch, health: SharedHealth, isFollowing: @escaping @Sendable () -> Bool, clock: @escaping @Sendable () -> Timestamp,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.watch = watch
        self.health = health
        self.isFollowing = isFollowing
        self.clock = clock
        self.now = now
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group("queues").add(middleware: RoleMiddleware(.read)).get(use: answer)
    }

    private struct Answer: Encodable, Sendable {
        var queues: QueuesAnswer
        var routes: [RouteAnswer]
        var routesTotal: Int
        var destinations: [DestinationAnswer]
        var destinationsTotal: Int

        private enum CodingKeys: String, CodingKey {
            case routes
            case routesTotal = "routes_total"
            case destinations
            case destinationsTotal = "destinations_total"
        }

        func encode(to encoder: any Encoder) throws {
            try queues.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(routes, forKey: .routes)
            try container.encode(routesTotal, forKey: .routesTotal)
            try container.encode(destinations, forKey: .destinations)
            try container.encode(destinationsTotal, forKey: .destinationsTotal)
        }
    }

    @Sendable private func answer(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let limit =
            try Query(request, allowing: ["routes"]).integer("routes", in: 0...Self.largestRoutes) ?? Self.defaultRoutes
        var queues = QueuesAnswer(watch.figures(), at: now())
        if !isFollowing() { queues.degraded.append(.liveHealth) }
        let time = clock()
        let (routes, destinations, parameters) = health.read { health in
            (health.routeReports(at: time, limit: limit), health.destinationReports(at: time, limit: limit), health.control)
        }
        return try JSONAnswer<Answer>.response(
            Answer(
                queues: queues,
                routes: routes.routes.map { RouteAnswer(report: $0, now: time, parameters: parameters) }, routesTotal: routes.total,
                destinations: destinations.destinations.map { DestinationAnswer(report: $0) }, destinationsTotal: destinations.total))
    }
}
