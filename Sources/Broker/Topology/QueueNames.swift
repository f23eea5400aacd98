/// The names of Herald's queues and exchanges.
package struct QueueNames: Sendable, Equatable {
    /// What every name begins with; `herald` unless a test needs its own.
    package let prefix: String

    package init(prefix: String = "herald") {
        self.prefix = prefix
    }

    /// Priorities that have a dispatch lane and retry queues of their own.
    package static let priorities = ["high", "normal", "low"]

    package var jobs: String { "\(prefix).jobs" }
    package var outcomesLog: String { "\(prefix).outcomes.log" }
    /// The stream of recent outcomes.
    package var outcomesRecent: String { "\(prefix).outcomes.recent" }
    package var undeliverable: String { "\(prefix).undeliverable" }
    package var quarantine: String { "\(prefix).quarantine" }
    package var logSpool: String { "\(prefix).log.spool" }
    /// The fanout exchange that workers publish outcomes to.
    package var outcomesExchange: String { "\(prefix).outcomes" }

    /// The lane of dispatched jobs with a priority (`high`, `normal`, `low`).
    package func dispatch(_ priority: String) -> String { "\(prefix).dispatch.\(priority)" }

    /// Where jobs of a priority wait for a step of the delay ladder, such as `15s`.
    package func retry(_ priority: String, _ delay: String) -> String { "\(prefix).retry.\(priority).\(delay)" }
}
