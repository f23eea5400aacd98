/// Everything beyond job, health and model that a decision depended on: logged with it, so that a replay decides the same.
///
/// Breakers and prices follow from the outcomes, budgets, rates and thresholds from what this scorer has decided before.
package struct DecisionConditions: Equatable, Sendable {
    /// The conditions of one route of the job.
    package struct Route: Equatable, Sendable {
        package var breaker: CircuitBreaker.State
        /// Share of all jobs that the breaker lets through now, in [0, 1].
        package var admittedShare: Double
        /// Whether this job is one of them.
        package var isAdmitted: Bool
        /// Most that an urgent job may lose as a probe, as a share of the value at stake, in [0, 1]; 0 unless a probe is overdue.
        package var overdueProbeLoss: Double
        /// Milliseconds until the breaker lets the first jobs through; 0 unless it is open.
        package var closedForMilliseconds: Int64
        /// Shadow price of an attempt, in points, ≥ 0.
        package var pricePoints: Double
        /// Whether the route has a retry left.
        package var hasRetryBudget: Bool
        /// Milliseconds until this scorer's rate of dispatches allows one more; 0 = now.
        package var freeInMilliseconds: Int64

        /// Whether an attempt of this job through the route is a probe: made to learn, with `admittedShare` as its chance.
        package var isProbe: Bool { breaker == .halfOpen && isAdmitted }

        /// Whether the route has waited too long for a probe.
        package var isProbeOverdue: Bool { overdueProbeLoss > 0 }

        /// Whether this scorer's rate of dispatches allows one now.
        package var isWithinRate: Bool { freeInMilliseconds == 0 }

        /// Nothing stands against the route.
        package init() {
            breaker = .closed
            admittedShare = 1
            isAdmitted = true
            overdueProbeLoss = 0
            closedForMilliseconds = 0
            pricePoints = 0
            hasRetryBudget = true
            freeInMilliseconds = 0
        }
    }

    /// In the order of the job's `providers`.
    package var routes: [Route]
    /// Whether all routes together have a retry left.
    package var hasRetryBudget: Bool
    /// What this job's priority is told by.
    package var priority: PriorityScale.Thresholds

    package init(routes: [Route], hasRetryBudget: Bool, priority: PriorityScale.Thresholds) {
        self.routes = routes
        self.hasRetryBudget = hasRetryBudget
        self.priority = priority
    }
}

extension DecisionConditions: Codable {
    private enum CodingKeys: String, CodingKey {
        case routes
        case hasRetryBudget = "retry_budget"
        case priority
    }
}

extension DecisionConditions.Route: Codable {
    private enum CodingKeys: String, CodingKey {
        case breaker
        case admittedShare = "admitted_share"
        case isAdmitted = "admitted"
        case overdueProbeLoss = "overdue_probe_loss"
        case closedForMilliseconds = "closed_for_ms"
        case pricePoints = "price"
        case hasRetryBudget = "retry_budget"
        case freeInMilliseconds = "free_in_ms"
    }
}
