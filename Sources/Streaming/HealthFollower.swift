internal import Broker
package import Logging
package import Scoring
package import Store

/// Live health that follows the broker's stream of outcomes: restored from what was saved, replayed from some minutes back, then live.
///
/// Every scorer and sidecar has one of its own; each reads every outcome without consuming it.
package final class HealthFollower: Sendable {
    package let health: SharedHealth

    private let consumer: Consumer
    private let feed: HealthFeed
    private let keeper: HealthKeeper
    private let now: @Sendable () -> Timestamp

    /// Puts the parts together; connects only in `start`.
    ///
    /// - Parameters:
    ///   - connectionName: what the broker's lists show.
    ///   - control: of the policy in use.
    ///   - count: hears how many outcomes live health has counted, and could not, after each batch.
    ///   - now: the wall clock.
    package init(
        _ configuration: StreamingConfiguration, connectionName: String, control: ControlParameters, database: Database, logger: Logger,
        now: @escaping @Sendable () -> Timestamp, count: @escaping @Sendable (LiveHealth.Counts) -> Void = { _ in }
    ) throws {
        health = SharedHealth(control: control)
        consumer = try Consumer(configuration.healthConsumer(connectionName), logger: logger)
        feed = HealthFeed(consumer: consumer, health: health, now: now, count: count)
        keeper = HealthKeeper(health: health, database: database, name: configuration.names.outcomesRecent, logger: logger)
        self.now = now
    }

    /// Brings back live health as it was saved; before `start`.
    ///
    /// May block as long as MongoDB does.
    package func restore() {
        keeper.restore(now: now())
    }

    /// Connects, in the background.
    package func start() throws {
        try consumer.start()
    }

    /// Observes outcomes until `stop`, on the calling thread.
    package func run() {
        feed.run()
    }

    /// Saves once a minute until `stop`, on the calling thread.
    func keep() {
        keeper.run()
    }

    /// Takes nothing new.
    package func stop() {
        consumer.stop()
        keeper.stop()
    }

    /// Closes the connection; may block as long as the broker does.
    package func close() {
        consumer.close()
    }

    /// Waits until the replay at the start has come to the present, at most until `deadline`; `false` where it has not.
    func awaitPresent(until deadline: MonotonicTime) -> Bool {
        feed.awaitPresent(until: deadline)
    }

    /// Whether outcomes arrive right now.
    package var isFollowing: Bool { consumer.state.isConsuming }
}
