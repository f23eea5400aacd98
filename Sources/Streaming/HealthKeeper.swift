internal import Broker
internal import Logging
internal import Scoring
internal import Store

/// Saves live health once a minute and brings it back at the start, so that its long memory outlives the scorer.
///
/// Runs on a thread of its own. What it cannot save or read it says once; deciding goes on with what is known.
final class HealthKeeper: Sendable {
    /// Between two saves.
    private static let interval = Duration.seconds(60)

    private let health: SharedHealth
    private let database: Database
    /// Of the set of queues whose outcomes these are.
    private let name: String
    private let logger: Logger
    private let isStopped = Monitor(false)

    init(health: SharedHealth, database: Database, name: String, logger: Logger) {
        self.health = health
        self.database = database
        self.name = name
        self.logger = logger
    }

    /// Goes on from what was saved last, if there is anything; before outcomes are read.
    ///
    /// - Parameter now: a state that is later than this comes from a wrong clock and is not used.
    func restore(now: Timestamp) {
        do {
            guard let snapshot = try database.liveHealth(name), snapshot.advancedTo <= now else { return }
            health.restore(try LiveHealth(snapshot: snapshot))
            logger.info("live health goes on from \(snapshot.advancedTo.rfc3339)")
        } catch {
            logger.warning("live health begins empty: \(error)")
        }
    }

    /// Saves until `stop`.
    func run() {
        var failures = 0
        while !(isStopped.wait(until: .now + Self.interval) { $0 ? true : nil } ?? false) {
            do {
                try save()
                failures = 0
            } catch {
                failures += 1
                if failures == 1 { logger.warning("live health is not saved: \(error)") }
            }
        }
    }

    /// Ends `run`.
    func stop() {
        isStopped.update { $0 = true }
    }

    private func save() throws {
        let snapshot = health.snapshot()
        // Nothing was decided or observed yet: there is nothing to keep.
        guard snapshot.advancedTo.milliseconds > 0 else { return }
        try database.save(snapshot, as: name)
    }
}
