package import Broker
package import Logging
package import Store

/// Reads the log for all clients of the events, on a thread of its own, as long as there are any.
///
/// A change stream of the database: see `ChangeFeed` for why. At most `rateLimit` events a second are read, so that a scorer under full
/// load costs a dashboard no more: beyond that the stream is left and taken up again where it is then, and clients are told of the gap.
package final class LogReader: Sendable {
    /// Events read in a second at most.
    static let rateLimit = 1000
    private static let pauseAfterFailure = Duration.seconds(1)

    private let hub: EventHub
    private let database: Database
    private let logger: Logger
    private let done = Monitor(true)

    package init(hub: EventHub, database: Database, logger: Logger) {
        self.hub = hub
        self.database = database
        self.logger = logger
    }

    /// Begins to wait for clients; the thread ends with the hub.
    package func start() throws(BrokerError) {
        done.update { $0 = false }
        do throws(BrokerError) {
            try DedicatedThread.detach(name: "herald-events") { [self] in
                run()
                done.update { $0 = true }
            }
        } catch {
            done.update { $0 = true }
            throw error
        }
    }

    /// Whether the thread has ended.
    var isDone: Bool { done.withLock { $0 } }

    private func run() {
        while hub.awaitClients() {
            var isUp = true
            while hub.readsLog {
                do {
                    try follow()
                    isUp = true
                } catch {
                    if isUp { logger.warning("events of the log are late: \(error)") }
                    isUp = false
                    reportDatabaseDown()
                    if (error as? StoreError)?.isRetriable != true, hub.position != nil {
                        // The place in the log is not known any more, or what stands there cannot be read.
                        hub.position = nil
                        hub.publishGap("the log could not be followed")
                    }
                    hub.pause(for: Self.pauseAfterFailure)
                }
            }
            // Who comes next begins with what is new then.
            hub.position = nil
        }
    }

    private func reportDatabaseDown() {
        do { try hub.report(.database, isUp: false) } catch { logger.error("no event of the database's absence: \(error)") }
    }

    /// Follows the log from where it was left, until nobody wants it or too much comes.
    private func follow() throws {
        let feed = try ChangeFeed(database, after: hub.position)
        var secondBegan = MonotonicTime.now
        var count = 0
        while hub.readsLog {
            if let change = try feed.next() {
                hub.publish(try SidecarEvent(change))
                hub.position = change.position
                count += 1
            } else if let position = feed.position {
                try hub.report(.database, isUp: true)
                hub.position = position
            }
            if .now - secondBegan >= .seconds(1) {
                secondBegan = .now
                count = 0
            } else if count >= Self.rateLimit {
                hub.pause(for: secondBegan + .seconds(1) - .now)
                hub.position = nil
                hub.publishGap("more than \(Self.rateLimit) a second")
                return
            }
        }
    }
}
