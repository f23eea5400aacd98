package import Broker
package import Logging
package import Store
internal import Synchronization

/// Writes records to MongoDB, on a thread of its own, until each is durable.
///
/// Batches that wait together are written together. While the database is away the writer tries again after growing pauses and the
/// queue in front of it fills: `append` then blocks, jobs stay unacknowledged and the broker hands out no more.
package final class LogWriter<Record: Sendable>: Sendable {
    /// What became of a batch: each position is in exactly one of the two.
    package struct Report: Sendable {
        /// Positions now durable.
        package var durable: [Int] = []
        /// Positions MongoDB will never take, with its code and sentence.
        package var rejected: [(position: Int, reason: String)] = []
    }

    private struct Batch: Sendable {
        var records: [Record]
        var report: @Sendable (Report) -> Void
    }

    /// Records that may wait.
    private let capacity = 4096
    /// Between tries while the database is away; the last one repeats.
    private let pauses: [Duration] = [.milliseconds(100), .milliseconds(200), .milliseconds(500), .seconds(1)]

    private let queue: BoundedQueue<Batch>
    private let available = Mutex(true)
    private let insert: @Sendable ([Record]) throws(StoreError) -> InsertReport
    private let logger: Logger

    /// - Parameter insert: stores a batch and is safe to repeat.
    package init(logger: Logger, insert: @escaping @Sendable ([Record]) throws(StoreError) -> InsertReport) {
        self.insert = insert
        self.logger = logger
        queue = BoundedQueue(capacity: capacity)
    }

    /// Whether the last write reached the database.
    package var isAvailable: Bool { available.withLock { $0 } }

    /// Records that wait to be written, without those that are being written.
    package var waitingCount: Int { queue.weight }

    package func start() throws(BrokerError) {
        try DedicatedThread.detach(name: "herald-log") { [self] in run() }
    }

    /// Hands a batch over; blocks while too many records wait.
    ///
    /// `report` comes once, on the writer's thread, unless `close` comes first.
    package func append(_ records: [Record], report: @escaping @Sendable (Report) -> Void) {
        guard !records.isEmpty else { return }
        _ = queue.append(Batch(records: records, report: report), weight: records.count)
    }

    /// The same where there is room; `false`, and no report ever, where there is none.
    package func offer(_ records: [Record], report: @escaping @Sendable (Report) -> Void) -> Bool {
        records.isEmpty || queue.offer(Batch(records: records, report: report), weight: records.count)
    }

    /// Ends the thread after the write that is under way.
    ///
    /// What was not durable by then is never reported: its jobs stay unacknowledged and come again.
    package func close() {
        queue.close()
    }

    private func run() {
        while let batches = queue.takeAll() {
            guard let written = write(batches.flatMap(\.records)) else { return }
            report(written, to: batches)
        }
    }

    /// Inserts until MongoDB has answered for every record, or `nil` once closed.
    private func write(_ records: [Record]) -> InsertReport? {
        var failures = 0
        while true {
            do {
                let report = try insert(records)
                if failures > 0 { logger.notice("the database takes records again after \(failures) failed writes") }
                available.withLock { $0 = true }
                return report
            } catch {
                available.withLock { $0 = false }
                failures += 1
                // The first failure and then every thirtieth second: an outage must not fill the log.
                if failures % 30 == 1 { logger.error("\(error); \(records.count) records wait and are tried again") }
            }
            if queue.pause(for: pauses[min(failures, pauses.count) - 1]) { return nil }
        }
    }

    /// Gives each batch its share of what the one write said.
    private func report(_ written: InsertReport, to batches: [Batch]) {
        var rejected = written.rejected[...]
        var start = 0
        for batch in batches {
            var report = Report()
            for position in batch.records.indices {
                if let next = rejected.first, next.index == start + position {
                    report.rejected.append((position, "\(next.code): \(next.message)"))
                    rejected.removeFirst()
                } else {
                    report.durable.append(position)
                }
            }
            start += batch.records.count
            batch.report(report)
        }
    }
}
