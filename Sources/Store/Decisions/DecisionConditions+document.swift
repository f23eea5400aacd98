internal import Scoring

extension DecisionConditions {
    /// Writes the field `conditions`; what stands against nothing is left out.
    func write(to writer: inout DocumentWriter) {
        let document = writer.openDocument("conditions")
        writer.double("high_loss_per_s", priority.high)
        writer.double("low_loss_per_s", priority.low)
        writer.bool("retry_budget", hasRetryBudget)
        let open = Route()
        let list = writer.openArray("routes")
        var count = 0
        for (provider, route) in routes.enumerated() where route != open {
            let entry = writer.openElementDocument(count)
            writer.int32("provider", Int32(provider))
            writer.string("breaker", route.breaker.rawValue)
            writer.double("admitted_share", route.admittedShare)
            writer.bool("admitted", route.isAdmitted)
            if route.overdueProbeLoss > 0 { writer.double("overdue_probe_loss", route.overdueProbeLoss) }
            writer.int64("closed_for_ms", route.closedForMilliseconds)
            writer.double("price", route.pricePoints)
            writer.bool("retry_budget", route.hasRetryBudget)
            writer.int64("free_in_ms", route.freeInMilliseconds)
            writer.close(at: entry)
            count += 1
        }
        writer.close(at: list)
        writer.close(at: document)
    }

    /// A century: more than any cool-down or rate comes to.
    private static let longestMilliseconds: Int64 = 100 * 366 * 86_400_000

    /// - Parameter providerCount: routes of the job.
    init(_ fields: DocumentFields, providerCount: Int) throws(StoreError) {
        var routes = [Route](repeating: Route(), count: providerCount)
        for entry in try fields.list("routes") {
            let provider = try entry.integer("provider")
            guard routes.indices.contains(provider) else { throw entry.defect("provider") }
            var route = Route()
            route.breaker = try entry.word("breaker")
            route.admittedShare = try entry.double("admitted_share")
            route.isAdmitted = try entry.flag("admitted")
            route.overdueProbeLoss = try entry.optionalDouble("overdue_probe_loss") ?? 0
            route.closedForMilliseconds = Int64(try entry.integer("closed_for_ms"))
            route.pricePoints = try entry.double("price")
            route.hasRetryBudget = try entry.flag("retry_budget")
            route.freeInMilliseconds = Int64(try entry.integer("free_in_ms"))
            guard (0...1).contains(route.admittedShare) else { throw entry.defect("admitted_share") }
            guard (0...1).contains(route.overdueProbeLoss) else { throw entry.defect("overdue_probe_loss") }
            guard (0...Self.longestMilliseconds).contains(route.closedForMilliseconds) else { throw entry.defect("closed_for_ms") }
            guard (0...1e9).contains(route.pricePoints) else { throw entry.defect("price") }
            guard (0...Self.longestMilliseconds).contains(route.freeInMilliseconds) else { throw entry.defect("free_in_ms") }
            routes[provider] = route
        }
        try self.init(
            routes: routes, hasRetryBudget: fields.flag("retry_budget"),
            priority: PriorityScale.Thresholds(high: fields.double("high_loss_per_s"), low: fields.double("low_loss_per_s")))
    }
}
