/// Why a decision came out as it did.
///
/// Raw values are the words of the `x-herald-reason` header and of the log.
package enum DecisionReason: String, CaseIterable, Sendable {
    /// The action with the highest expected utility.
    case bestUtility = "best_utility"
    /// The job is not due yet; it waits and is scored again.
    case notDue = "not_due"
    /// `expires_at` has passed.
    case expired
    /// The last attempt failed for good: `hard_bounce`, `unregistered`, or a code of class `permanent` and no other route.
    case permanentFailure = "permanent_failure"
    /// The notification was already delivered.
    case alreadyDelivered = "already_delivered"
    /// As many attempts were made as the policy allows.
    case attemptsExhausted = "attempts_exhausted"
    /// No action is worth its cost.
    case notWorthwhile = "not_worthwhile"
    /// Another safe action than the best one, to learn what it brings.
    case exploration
    /// An attempt that tests whether a route has recovered.
    case probe
    /// The best action's route is cut off by its breaker.
    case circuitOpen = "circuit_open"
    /// The best action's route has as much to do as it takes.
    case rateLimited = "rate_limited"
    /// More retries than first attempts pay for.
    case retryBudget = "retry_budget"
    /// An override stood against the attempt, but after any wait it would be too late.
    case lastChance = "last_chance"
    /// No usable model: the rule policy decided.
    case noModel = "no_model"
    /// The model took too long: the rule policy decided.
    case latencyBudget = "latency_budget"
}
