internal import Foundation
package import Logging
package import Store
internal import Synchronization

/// Writes decision records to MongoDB, on a thread of its own, until each is durable.
///
/// Batches that wait together are written together. While the database is away the writer retries after growing pauses and the queue
/// in front of it fills: `append` then blocks, jobs stay unacknowledged and the broker stops handing out more.
package final class LogWriter: Sendable {
    /// What became of a batch's records, once: the positions now durable, and those MongoDB refused for good.
    package struct Report: Sendable {
        package var durable: [Int] = []
        package var rejected: [Rejection] = []
    }

    /// A record MongoDB will never take.
    package struct Rejection: Sendable {
        package var position: Int
        /// MongoDB's code and sentence.
        package var reason: String
    }

    private struct Batch: Sendable {
        var records: [DecisionRecord]
        var report: @Sendable (Report) -> Void
    }

    /// Records that may wait.
    private static let capacity = 4096
    /// Seconds between tries while the database is away.
    private static let pauses: [TimeInterval] = [0.1, 0.2, 0.5, 1]

    private let queue = BoundedQueue<Batch>(capacity: capacity)
    private let isWriting = Mutex(true)
    private let database: Database
    private let logger: Logger

    package init(database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Whether the last write reached the database.
    package var isAvailable: Bool { isWriting.withLock { $0 } }

    package func start() {
        Thread.detachNewThread { self.run() }
    }

    /// Hands a batch over; blocks while too many records wait. `report` comes once, on the writer's thread, unless `close` comes first.
    package func append(_ records: [DecisionRecord], report: @escaping @Sendable (Report) -> Void) {
        _ = queue.append(Batch(records: records, report: report), weight: records.count)
    }

    /// Writes nothing new after what is being written now. Records that were not durable stay unreported: their jobs come again.
    package func close() {
        queue.close()
    }

    private func run() {
        while let batches = queue.takeAll() {
            guard let outcome = insert(batches.flatMap(\.records)) else { return }
            report(outcome, to: batches)
        }
    }

    /// Inserts until MongoDB has answered for every record; `nil` when closed meanwhile. Ids are deterministic, so a repeat is harmless.
    private func insert(_ records: [DecisionRecord]) -> Report? {
        var failures = 0
        while true {
            do {
                let result = try database.insert(decisions: records)
                becomeAvailable(after: failures)
                return Report(durable: [], rejected: [])
            } catch {
                failures += 1
            }
            if queue.pause(for: Self.pauses[min(failures, Self.pauses.count) - 1]) { return nil }
        }
    }
}
