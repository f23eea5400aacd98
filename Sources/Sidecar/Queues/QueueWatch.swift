package import Broker
package import Logging
package import Scoring
internal import Synchronization

/// The figures of every queue, measured again and again: what is asked for is always there, and costs the broker nothing more.
package final class QueueWatch: Sendable {
    /// Between two rounds of depths, and between two questions to the management plugin, whose own figures are of every five seconds.
    static let interval = Duration.seconds(2)
    static let countsInterval = Duration.seconds(5)
    /// Figures older than this are not of now.
    static let patience = Duration.seconds(10)

    private struct Storage {
        var histories: [String: QueueHistory] = [:]
        var depths: [String: BrokerAdmin.Depth] = [:]
        var counts: [String: QueueCounts] = [:]
        var sampledAt: (time: MonotonicTime, clock: Timestamp)?
        var countedAt: MonotonicTime?
        var isBrokerUp = false
        var isStarted = false
        var saysManagementFails = false
        var task: Task<Void, Never>?
        var heard: (@Sendable () -> Void)?
    }

    package let queues: [HeraldQueue]
    private let gauge: QueueGauge
    private let management: ManagementClient?
    private let desk: QuarantineDesk
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let storage: Mutex<Storage>

    /// - Parameters:
    ///   - management: `nil` = there is no management plugin.
    ///   - desk: while it holds messages of the quarantine, that queue's depth says nothing.
    ///   - now: the wall clock.
    package init(
        _ url: BrokerURL, topology: Topology, management: ManagementClient?, desk: QuarantineDesk, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        queues = HeraldQueue.all(in: topology)
        gauge = QueueGauge(url, queues: queues.map(\.name), interval: Self.interval)
        self.management = management
        self.desk = desk
        self.logger = logger
        self.now = now
        var storage = Storage()
        for queue in queues { storage.histories[queue.name] = QueueHistory(kind: queue.kind) }
        self.storage = Mutex(storage)
    }

    /// Begins to measure, in the background.
    ///
    /// - Parameter heard: called after each round, also one that failed; it must be quick.
    package func start(_ heard: @escaping @Sendable () -> Void = {}) throws {
        storage.withLock { $0.heard = heard }
        try gauge.start { [self] in take($0) }
        guard let management else { return }
        let task = Task { [self] in
            while !Task.isCancelled {
                do {
                    take(try await management.counts())
                } catch is CancellationError {
                    return
                } catch {
                    missCounts(error)
                }
                // Only a cancellation ends it early, and the loop looks for that.
                try? await Task.sleep(for: Self.countsInterval)
            }
        }
        storage.withLock { $0.task = task }
    }

    /// Ends; waits for what is under way.
    package func stop() async {
        gauge.stop()
        let task = storage.withLock { $0.task }
        task?.cancel()
        await task?.value
        await management?.close(logger: logger)
    }

    // MARK: Measuring

    private func take(_ result: Result<QueueGauge.Reading, BrokerError>) {
        switch result {
        case .success(let reading):
            let isHeld = desk.hasWorked(since: reading.began)
            let clock = now()
            storage.withLock { storage in
                let held = storage.depths[desk.names.quarantine]
                storage.depths = reading.depths
                if isHeld, let held { storage.depths[desk.names.quarantine] = held }
                for (name, depth) in storage.depths { storage.histories[name]?.add(depth: depth.messages, at: reading.at) }
                storage.sampledAt = (reading.at, clock)
                storage.isBrokerUp = true
            }
        case .failure(let error):
            let isNews = storage.withLock { storage in
                defer {
                    storage.isBrokerUp = false
                    storage.isStarted = true
                }
                return storage.isBrokerUp || !storage.isStarted
            }
            if isNews { logger.warning("no figures of the queues: \(error)") }
        }
        let heard = storage.withLock { $0.heard }
        heard?()
    }

    private func take(_ counts: [String: QueueCounts]) {
        let at = MonotonicTime.now
        storage.withLock { storage in
            for queue in queues {
                guard let count = counts[queue.name] else {
                    storage.histories[queue.name]?.forgetCounts()
                    continue
                }
                storage.histories[queue.name]?.add(count, at: at)
            }
            storage.counts = counts
            storage.countedAt = at
            storage.saysManagementFails = false
        }
    }

    private func missCounts(_ error: any Error) {
        let isNews = storage.withLock { storage in
            defer { storage.saysManagementFails = true }
            return !storage.saysManagementFails
        }
        if isNews { logger.warning("no rates of the queues: \(error)") }
    }

    // MARK: Telling

    /// Whether the last round reached the broker.
    package var isBrokerUp: Bool {
        storage.withLock { $0.isBrokerUp && $0.sampledAt.map { .now - $0.time <= Self.patience } ?? false }
    }

    /// The figures as they are known now.
    func figures() -> QueueFigures {
        let now = MonotonicTime.now
        return storage.withLock { storage in
            let isUp = storage.isBrokerUp && storage.sampledAt.map { now - $0.time <= Self.patience } ?? false
            let hasCounts = storage.countedAt.map { now - $0 <= Self.patience } ?? false
            var figures = QueueFigures(
                sampledAt: storage.sampledAt?.clock, isBrokerAway: !isUp, isManagementAway: management != nil && !hasCounts,
                hasCounts: hasCounts, queues: [])
            for queue in queues {
                let depth = storage.depths[queue.name]
                let history = storage.histories[queue.name]
                var rates = history?.rates()
                if !hasCounts {
                    rates?.published = nil
                    rates?.delivered = nil
                    rates?.acknowledged = nil
                }
                figures.queues.append(
                    QueueFigures.Queue(
                        queue: queue, depth: depth?.messages, unacknowledged: hasCounts ? storage.counts[queue.name]?.unacknowledged : nil,
                        consumers: depth?.consumers, age: hasCounts ? history?.age(at: now) : nil, rates: isUp ? rates : nil))
            }
            return figures
        }
    }
}
