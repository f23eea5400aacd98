package import Broker
package import Hummingbird
package import Logging
package import Scoring
package import Store
package import Streaming

/// Everything behind the routes for queues, quarantine and events, as one thing to start and stop.
package final class Observation: Sendable {
    package let hub: EventHub
    package let watch: QueueWatch

    private let reader: LogReader
    private let queues: QueuesRoute
    private let quarantine: QuarantineRoute
    private let events: EventsRoute
    private let logger: Logger

    /// Puts the parts together; nothing connects before `start`.
    ///
    /// - Parameters:
    ///   - management: of the broker; `nil` = it has no management plugin.
    ///   - isFollowing: whether live health learns of outcomes right now.
    ///   - clock: live health's, which a simulation runs faster.
    ///   - now: the wall clock.
    package init(
        _ url: BrokerURL, topology: Topology, management: ManagementClient?, database: Database, pool: BlockingPool, health: SharedHealth,
        isFollowing: @escaping @Sendable () -> Bool, clock: @escaping @Sendable () -> Timestamp,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        let desk = QuarantineDesk(url, topology: topology)
        hub = EventHub(now: now)
        watch = QueueWatch(url, topology: topology, management: management, desk: desk, logger: logger, now: now)
        reader = LogReader(hub: hub, database: database, logger: logger)
        queues = QueuesRoute(watch: watch, health: health, isFollowing: isFollowing, clock: clock, now: now)
        quarantine = QuarantineRoute(desk: desk, database: database, pool: pool, now: now)
        events = EventsRoute(hub: hub, database: database)
        self.logger = logger
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        queues.add(to: router)
        quarantine.add(to: router)
        events.add(to: router)
    }

    /// Begins to measure and to wait for clients; whatever is away comes in later.
    package func start() throws {
        try reader.start()
        try watch.start { [hub, watch, logger] in
            do { try hub.publish(watch) } catch { logger.error("no event of the queues: \(error)") }
        }
    }

    /// Ends every stream and thread; `false` where the database holds one of them up.
    package func stop(within limit: Duration = .seconds(1)) async -> Bool {
        hub.stop()
        await watch.stop()
        let deadline = ContinuousClock.now + limit
        while !reader.isDone {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
