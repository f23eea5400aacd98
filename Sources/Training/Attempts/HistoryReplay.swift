internal import Scoring

/// Lives through a log in the order of its decisions, so that every row knows what could be known when it was decided, and no more.
///
/// Each decision is prepared, its row is computed with `health`, then its outcome is put where it counts once its time has come.
struct HistoryReplay {
    /// Outcomes observed with their decisions, which may lie a day ahead.
    private static let pendingLimit = 1 << 23
    /// Past the longest delay of a data set, 7 days, and the slowest answer that is accepted, 30 days.
    private static let furthestMilliseconds: Int64 = 38 * 86_400_000

    /// As it stood at the last prepared decision.
    private(set) var health: LiveHealth
    private var routes = LastRoutes()

    /// - Parameter health: what is known before the log begins; `nil` = nothing.
    init(health: LiveHealth? = nil) {
        self.health = health ?? LiveHealth(pendingLimit: Self.pendingLimit, furthestMilliseconds: Self.furthestMilliseconds)
    }

    /// Advances to a decision that is taken again.
    mutating func advance(to time: Timestamp) {
        health.advance(to: time)
    }

    /// Advances to the decision on an attempt and fills in the route that the caller would use again.
    mutating func prepare(_ attempt: inout Attempt) {
        health.advance(to: attempt.decidedAt)
        guard attempt.job.previousAttempts > 0, attempt.record == nil else { return }
        let used = attempt.job.providers[attempt.action.providerIndex]
        attempt.job.provider = routes.route(of: attempt.job.notificationID, before: attempt.job.previousAttempts) ?? used
    }

    /// Takes an outcome that is recorded by itself; it occurred before the next decision.
    mutating func hear(_ outcome: Outcome) {
        health.observe(outcome, now: outcome.occurredAt)
        // What occurred before counts whenever it is time; so nothing piles up in a stretch without decisions.
        health.advance(to: outcome.occurredAt)
    }

    /// Takes note of what came of the attempt.
    mutating func conclude(_ attempt: Attempt) {
        guard attempt.record == nil else { return }
        let used = attempt.job.providers[attempt.action.providerIndex]
        routes.note(attempt.job.notificationID, attempt: attempt.job.previousAttempts, through: used, failed: attempt.status != .delivered)
        if let outcome = attempt.outcome { health.observe(outcome) }
    }
}

/// The route of each notification's last failed attempt, in bounded memory.
private struct LastRoutes {
    /// Notifications that are remembered at least; twice as many at most.
    private static let limit = 1 << 19

    private struct Route {
        var attempt: Int
        var provider: String
    }

    private var young: [String: Route] = [:]
    private var old: [String: Route] = [:]

    func route(of notification: String, before attempt: Int) -> String? {
        guard let route = young[notification] ?? old[notification], route.attempt == attempt - 1 else { return nil }
        return route.provider
    }

    mutating func note(_ notification: String, attempt: Int, through provider: String, failed: Bool) {
        guard failed else {
            young[notification] = nil
            return
        }
        young[notification] = Route(attempt: attempt, provider: provider)
        if young.count >= Self.limit {
            old = young
            young = [:]
        }
    }
}
