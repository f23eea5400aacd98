package import Broker
internal import Scoring

/// A queue of Herald's and what it is for.
package struct HeraldQueue: Sendable, Equatable {
    /// What a queue is for.
    ///
    /// Raw values are the words of `GET /queues`.
    package enum Kind: String, Sendable, CaseIterable, Codable {
        /// Attempts to decide on.
        case jobs
        /// Decided attempts, for workers.
        case dispatch
        /// Decided attempts that wait for their time.
        case retry
        /// Outcomes on their way to the log.
        case outcomesLog = "outcomes_log"
        /// The stream of recent outcomes, which nobody consumes.
        case outcomesRecent = "outcomes_recent"
        /// What is not tried again.
        case undeliverable
        /// What could not be used.
        case quarantine
        /// Log records that wait for the database.
        case spool
    }

    package let name: String
    package let kind: Kind
    /// Of dispatch and retry queues.
    package let priority: String?
    /// Step of the ladder that a retry queue waits for, such as `15s`.
    package let delay: String?

    /// The queues of a topology, in its order; those without a role of their own are jobs, as those of another partition.
    package static func all(in topology: Topology) -> [HeraldQueue] {
        topology.queues.map { HeraldQueue($0.name, names: topology.names) }
    }

    private init(_ name: String, names: QueueNames) {
        self.name = name
        var priority: String?
        var delay: String?
        switch name {
        case names.outcomesLog: kind = .outcomesLog
        case names.outcomesRecent: kind = .outcomesRecent
        case names.undeliverable: kind = .undeliverable
        case names.quarantine: kind = .quarantine
        case names.logSpool: kind = .spool
        default:
            let parts = name.dropFirst(names.prefix.count + 1).split(separator: ".").map(String.init)
            switch parts.first {
            case "dispatch" where parts.count == 2:
                kind = .dispatch
                priority = parts[1]
            case "retry" where parts.count == 3:
                kind = .retry
                priority = parts[1]
                delay = parts[2]
            default: kind = .jobs
            }
        }
        self.priority = priority
        self.delay = delay
    }
}
