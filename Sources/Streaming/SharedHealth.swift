package import Scoring
internal import Synchronization

/// Live health between the thread that reads outcomes and those that decide.
package final class SharedHealth: Sendable {
    private let health: Mutex<LiveHealth>

    /// - Parameter control: of the policy in use; outcomes are counted by it before the first decision too.
    package init(control: ControlParameters) {
        var health = LiveHealth()
        health.control = control
        self.health = Mutex(health)
    }

    /// Takes outcomes as they come, and counts those whose time has come: nothing piles up while no job needs a decision.
    package func observe(_ outcomes: [Outcome], now: Timestamp) {
        health.withLock { health in
            for outcome in outcomes { health.observe(outcome, now: now) }
            health.advance(to: now)
        }
    }

    /// Decides with what is known at the time that `clock` tells; the outcomes that arrive meanwhile wait.
    ///
    /// The clock is read under the lock, so that no outcome is counted between the time of a decision and the decision.
    ///
    /// - Parameter control: of the policy that decides; breakers and prices go by it from now on.
    /// - Returns: what `body` returns, and from when to when it ran: the wait for the other thread is none of its time.
    package func decide<Decisions>(
        by clock: () -> Timestamp, control: ControlParameters,
        _ body: (_ health: borrowing LiveHealth, _ now: Timestamp) -> Decisions
    ) -> (Decisions, time: Range<ContinuousClock.Instant>) {
        health.withLock { health in
            let now = clock()
            if health.control != control { health.control = control }
            health.advance(to: now)
            let start = ContinuousClock.now
            let decisions = body(health, now)
            return (decisions, start..<ContinuousClock.now)
        }
    }

    /// Looks at what is known; the outcomes that arrive meanwhile wait.
    package func read<Value>(_ body: (_ health: borrowing LiveHealth) -> Value) -> Value {
        health.withLock { health in body(health) }
    }

    /// For saving; see `LiveHealth.snapshot`.
    package func snapshot() -> HealthSnapshot {
        health.withLock { $0.snapshot() }
    }

    /// Goes on from a saved state; before the first decision.
    func restore(_ restored: LiveHealth) {
        health.withLock { health in
            let control = health.control
            health = restored
            health.control = control
        }
    }

    /// The state of every route's breaker at the time that health has been advanced to.
    package var breakers: [(provider: String, state: CircuitBreaker.State)] { health.withLock { $0.breakers } }

    /// What was done with the outcomes so far.
    package var counts: LiveHealth.Counts { health.withLock { $0.counts } }
}
