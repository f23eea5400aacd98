package import Broker
package import Logging
package import Store

/// Writes records to MongoDB, on a thread of its own, until each is durable.
///
/// Batches that wait together are written together. While the database is away, or takes longer than `patience` for a write, a second
/// thread carries what waits, and what is being written, to the spool; the first repeats its write until the database takes it again in
/// time. What was carried off may so be stored twice, which its `_id` makes the same record.
///
/// Without a spool records wait for the database, the queue in front of the writer fills, and `append` blocks.
package final class LogWriter<Record: LogRecord>: Sendable {
    /// Batches that are being written together.
    private struct Write: Sendable {
        var batches: [LogBatch]
        var began: MonotonicTime
    }

    private struct State: Sendable {
        /// What is being written, until it is reported or carried off.
        var write: Write?
        /// Whether the database took the last write, in time.
        var isAvailable = true
    }

    /// Records that may wait.
    private let capacity = 4096
    /// After which a write is slow.
    private let patience = Duration.seconds(1)
    /// Between two looks at a write that may become slow.
    private let interval = Duration.milliseconds(200)
    /// Between tries while the database is away; the last one repeats.
    private let pauses: [Duration] = [.milliseconds(100), .milliseconds(200), .milliseconds(500), .seconds(1)]

    private let queue: BoundedQueue<LogBatch>
    private let state = Monitor(State())
    private let database: Database
    private let spool: Spool?
    private let logger: Logger

    /// - Parameter logger: hears of the first of failures, and of their end.
    package convenience init(_ database: Database, logger: Logger) {
        self.init(database, spool: nil, logger: logger)
    }

    init(_ database: Database, spool: Spool?, logger: Logger) {
        self.database = database
        self.spool = spool
        self.logger = logger
        queue = BoundedQueue(capacity: capacity)
    }

    /// Whether the last write reached the database, in time where there is a spool.
    package var isAvailable: Bool { state.withLock { $0.isAvailable } }

    /// Records that wait to be written, without those that are being written.
    package var waitingCount: Int { queue.weight }

    package func start() throws(BrokerError) {
        try DedicatedThread.detach(name: "herald-log") { [self] in run() }
        if let spool { try DedicatedThread.detach(name: "herald-spool") { [self] in carry(to: spool) } }
    }

    /// Hands a batch over; blocks while too many records wait.
    ///
    /// `report` comes on threads of the log, for all positions of the batch or for parts of them, unless `close` comes first; for records
    /// that no document can be made of it comes before this returns.
    package func append(_ records: some Sequence<Record>, report: @escaping @Sendable (LogReport) -> Void) {
        let batch = LogBatch(encoding: records, report: report)
        if batch.count > 0 { _ = queue.append(batch, weight: batch.count) }
    }

    /// The same where there is room; `false`, and no further report ever, where there is none.
    package func offer(_ records: some Sequence<Record>, report: @escaping @Sendable (LogReport) -> Void) -> Bool {
        let batch = LogBatch(encoding: records, report: report)
        return batch.count == 0 || queue.offer(batch, weight: batch.count)
    }

    /// Ends the threads after the write that is under way.
    ///
    /// What was not durable by then is never reported: its jobs stay unacknowledged and come again.
    package func close() {
        queue.close()
    }

    // MARK: To the database

    private func run() {
        while let batches = queue.takeAll() {
            state.withLock { $0.write = Write(batches: batches, began: .now) }
            guard write(batches.map(\.records)) else { return }
        }
    }

    /// Inserts until MongoDB has answered for every record, in time where there is a spool; `false` once closed.
    private func write(_ batches: [EncodedRecords]) -> Bool {
        var failures = 0
        while true {
            let began = MonotonicTime.now
            var problem: String
            do throws(StoreError) {
                let report = try database.insert(batches)
                finish(report)
                let duration = MonotonicTime.now - began
                if spool == nil || duration <= patience {
                    if failures > 0 { logger.notice("the database takes records again after \(failures) failed writes") }
                    state.update { $0.isAvailable = true }
                    return true
                }
                problem = "the database took \(duration) for a write"
            } catch {
                problem = "\(error)"
            }
            state.update { $0.isAvailable = false }
            failures += 1
            // The first failure and then every thirtieth: an outage must not fill the log.
            if failures % 30 == 1 {
                let way = spool == nil ? "\(batches.reduce(0) { $0 + $1.count }) records wait" : "records go to the spool"
                logger.error("\(problem); \(way), and the write is tried again")
            }
            if queue.pause(for: pauses[min(failures, pauses.count) - 1]) { return false }
        }
    }

    /// Gives each batch its share of what the one write said, unless they were carried off.
    private func finish(_ written: InsertReport) {
        let write = state.withLock { state in
            defer { state.write = nil }
            return state.write
        }
        var rejected = written.rejected[...]
        var start = 0
        for batch in write?.batches ?? [] {
            var report = LogReport()
            for (index, position) in batch.positions.enumerated() {
                if let next = rejected.first, next.index == start + index {
                    report.rejected.append((position, "\(next.code): \(next.message)"))
                    rejected.removeFirst()
                } else {
                    report.durable.append(position)
                }
            }
            start += batch.count
            batch.report(report)
        }
    }

    // MARK: To the spool

    /// Takes what the database does not, until the queue is closed.
    private func carry(to spool: Spool) {
        while !queue.isClosed {
            for batch in takeHeldUp() ?? [] { spool.keep(batch) }
        }
    }

    /// Batches that wait for a database which is away or slow; looks for them for a while.
    private func takeHeldUp() -> [LogBatch]? {
        let (isHeldUp, write) =
            state.wait(until: .now + interval) { state -> (Bool, Write?)? in
                guard !state.isAvailable || state.write.map({ MonotonicTime.now - $0.began > patience }) == true else { return nil }
                defer { state.write = nil }
                return (true, state.write)
            } ?? (false, nil)
        guard isHeldUp else { return nil }
        if let write { return write.batches }
        return queue.takeAll(until: .now + interval)
    }
}
