package import Hummingbird
package import Scoring

/// `GET /decisions/summary`: decisions over time, and how deliveries went against the same hours of the day before.
package struct DecisionSummaryRoute {
    private let desk: SummaryDesk
    private let pool: BlockingPool
    private let now: @Sendable () -> Timestamp

    /// - Parameter now: the clock of the decisions.
    package init(_ desk: SummaryDesk, pool: BlockingPool, now: @escaping @Sendable () -> Timestamp) {
        self.desk = desk
        self.pool = pool
        self.now = now
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.read)).get("decisions/summary", use: summary)
    }

    @Sendable private func summary(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let query = try Query(request, allowing: ["from", "to", "step"])
        let now = now()
        let asked = try SummaryQuery(
            from: query.time("from"), to: query.time("to"), step: query.integer("step", in: SummaryQuery.steps), now: now)
        let summary = try await pool.run(within: .seconds(20)) { [desk] in try desk.summary(asked, now: now) }
        return try JSONAnswer<DecisionSummary>.response(summary)
    }
}
