import Broker
import Scoring

/// How many messages wait in each kind of queue.
struct QueueDepths: Equatable, Sendable {
    var jobs = 0
    var dispatch = 0
    var retry = 0
    var undeliverable = 0
    var quarantine = 0

    /// Reads the depths of all of Herald's queues.
    init(of names: QueueNames, ladder: DelayLadder, through admin: borrowing BrokerAdmin) throws {
        jobs = try admin.depth(of: names.jobs).messages
        undeliverable = try admin.depth(of: names.undeliverable).messages
        quarantine = try admin.depth(of: names.quarantine).messages
        for priority in QueueNames.priorities {
            dispatch += try admin.depth(of: names.dispatch(priority)).messages
            for step in ladder.steps { retry += try admin.depth(of: names.retry(priority, step.name)).messages }
        }
    }

    init() {}
}
