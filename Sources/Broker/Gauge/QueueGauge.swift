/// Asks how full queues are, over and over, on a thread and a connection of its own.
///
/// A passive declare each: it changes nothing, and needs no right but to see the queue.
package final class QueueGauge: Sendable {
    /// What one round found.
    package struct Reading: Sendable {
        package let began: MonotonicTime
        package let at: MonotonicTime
        /// Queues that do not exist are not in it.
        package let depths: [String: BrokerAdmin.Depth]
    }

    private let url: BrokerURL
    private let queues: [String]
    private let interval: Duration
    private let isStopped = Monitor(false)

    /// - Parameters:
    ///   - queues: names, asked one after the other: each costs one round trip.
    ///   - interval: between the end of a round and the beginning of the next, and between attempts to connect.
    package init(_ url: BrokerURL, queues: [String], interval: Duration = .seconds(2)) {
        self.url = url
        self.queues = queues
        self.interval = interval
    }

    /// Begins, on a thread that ends with `stop`.
    ///
    /// - Parameter heard: called on that thread with each round, or with why there is none.
    package func start(_ heard: @escaping @Sendable (Result<Reading, BrokerError>) -> Void) throws(BrokerError) {
        try DedicatedThread.detach(name: "herald-gauge") { [self] in
            while !isStopped.withLock({ $0 }) {
                do throws(BrokerError) {
                    try measure(heard)
                } catch {
                    heard(.failure(error))
                }
                pause()
            }
        }
    }

    /// Ends the thread after the round that is under way.
    package func stop() {
        isStopped.update { $0 = true }
    }

    /// Rounds on one connection, until `stop` or the first failure.
    private func measure(_ heard: (Result<Reading, BrokerError>) -> Void) throws(BrokerError) {
        let admin = try BrokerAdmin(url, name: "herald serve: queue figures")
        while !isStopped.withLock({ $0 }) {
            let began = MonotonicTime.now
            var depths: [String: BrokerAdmin.Depth] = [:]
            for queue in queues {
                do throws(BrokerError) {
                    depths[queue] = try admin.depth(of: queue)
                } catch {
                    guard error.code == .notFound else { throw error }
                }
            }
            heard(.success(Reading(began: began, at: .now, depths: depths)))
            pause()
        }
        try admin.close()
    }

    private func pause() {
        _ = isStopped.wait(until: .now + interval) { $0 ? true : nil }
    }
}
