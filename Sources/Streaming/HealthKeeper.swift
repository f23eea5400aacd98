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
    /// Whether what this scorer knows may replace what is saved: not where that could not be read.
    private let maySave = Monitor(false)
    /// How far ahead of this clock another scorer's may be.
    private static let clockTolerance: Int64 = 60_000

    init(health: SharedHealth, database: Database, name: String, logger: Logger) {
        self.health = health
        self.database = database
        self.name = name
        self.logger = logger
    }

    /// Goes on from what was saved last, if there is anything; before outcomes are read.
    ///
    /// May block as long as MongoDB does. Where the saved state could not be read, or comes from a clock ahead of `now`, live health begins
    /// empty and is never saved by this scorer, so that a later one finds the long memory as it is.
    func restore(now: Timestamp) {
        do {
            guard let snapshot = try database.liveHealth(name) else { return maySave.update { $0 = true } }
            guard snapshot.advancedTo <= now + Self.clockTolerance else {
                let time = snapshot.advancedTo.rfc3339
                logger.warning("live health begins empty and is not saved: the saved state is of \(time), ahead of this clock")
                return
            }
            health.restore(try LiveHealth(snapshot: snapshot))
            maySave.update { $0 = true }
            logger.info("live health goes on from \(snapshot.advancedTo.rfc3339)")
        } catch let defect as HealthSnapshot.Defect {
            logger.warning("live health begins empty: \(defect)")
            maySave.update { $0 = true }
        } catch {
            logger.warning("live health begins empty and is not saved: \(error)")
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
        guard maySave.withLock({ $0 }) else { return }
        let snapshot = health.snapshot()
        // Nothing was decided or observed yet: there is nothing to keep.
        guard snapshot.advancedTo.milliseconds > 0 else { return }
        try database.save(snapshot, as: name)
    }
}
