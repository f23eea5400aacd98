internal import Broker
internal import Logging
internal import Store

/// Moves what the spool holds to the database, whenever that takes records.
///
/// Several scorers may drain one spool. What was moved and not acknowledged in time is moved again, which its `_id` makes the same record.
final class SpoolDrain: Sendable {
    private struct State: Sendable {
        var isStopped = false
        /// While it reads.
        var consumer: Consumer?
    }

    /// Between two looks at a database that is away.
    private static let pause = Duration.milliseconds(500)

    private let configuration: ConsumerConfiguration
    private let quarantine: String
    private let database: Database
    private let outbox: Outbox
    private let metrics: ScorerMetrics
    private let isDatabaseAvailable: @Sendable () -> Bool
    private let logger: Logger
    private let state = Monitor(State())

    /// - Parameter isDatabaseAvailable: whether those who write the log find it so.
    init(
        _ configuration: StreamingConfiguration, database: Database, outbox: Outbox, metrics: ScorerMetrics, logger: Logger,
        isDatabaseAvailable: @escaping @Sendable () -> Bool
    ) {
        self.configuration = configuration.spoolConsumer
        quarantine = configuration.names.quarantine
        self.database = database
        self.outbox = outbox
        self.metrics = metrics
        self.isDatabaseAvailable = isDatabaseAvailable
        self.logger = logger
    }

    /// Drains until it is stopped.
    func run() {
        while !pause() {
            guard isDatabaseAvailable() else { continue }
            do throws(BrokerError) {
                try drain()
            } catch {
                logger.error("cannot drain the spool: \(error)")
            }
        }
    }

    /// Takes nothing new; what is not moved yet goes back to the spool.
    func stop() {
        state.update { state in
            state.isStopped = true
            state.consumer?.stop()
        }
    }

    /// Sleeps a while; whether it is stopped.
    private func pause() -> Bool {
        state.wait(until: .now + Self.pause) { $0.isStopped ? true : nil } ?? false
    }

    /// Reads the spool until the database takes no more.
    private func drain() throws(BrokerError) {
        let consumer = try Consumer(configuration, logger: logger)
        try consumer.start()
        defer {
            state.update { $0.consumer = nil }
            consumer.close()
        }
        let isStopped = state.update { state in
            state.consumer = consumer
            return state.isStopped
        }
        if isStopped { return }
        while let batch = consumer.next() {
            for delivery in batch.deliveries {
                // A database that is known to be away is not asked: that would take seconds, and the message waits better in its queue.
                guard isDatabaseAvailable(), move(delivery, settling: consumer) else { return }
            }
        }
    }

    /// Stores the records of one message; `false` where the database does not take them now.
    private func move(_ delivery: Delivery, settling consumer: Consumer) -> Bool {
        let records: EncodedRecords
        do throws(MessageDefect) {
            records = try Self.records(in: delivery)
        } catch {
            logger.error("a message of the spool holds no log records and goes to quarantine: \(error.detail)")
            metrics.recordQuarantined(error.reason)
            let message = DecisionMessage.quarantine(delivery, for: error, from: configuration.queue, to: quarantine)
            outbox.publish([message]) { _ in consumer.acknowledge([delivery.tag]) }
            return true
        }
        let report: InsertReport
        do throws(StoreError) {
            report = try database.insert([records])
        } catch {
            logger.warning("the spool waits: \(error)")
            return false
        }
        metrics.recordDrained(records.count)
        guard !report.rejected.isEmpty else {
            consumer.acknowledge([delivery.tag])
            return true
        }
        let open = Monitor(report.rejected.count)
        let refused = report.rejected.map { rejection in
            let defect = MessageDefect(reason: "log_refused", detail: "\(rejection.code): \(rejection.message)")
            metrics.recordQuarantined(defect.reason)
            let record = MessageBody(Array(records.document(rejection.index).json.utf8))
            return DecisionMessage.quarantine(delivery, body: record, for: defect, from: configuration.queue, to: quarantine)
        }
        outbox.publish(refused) { _ in
            let isLast = open.withLock { count in
                count -= 1
                return count == 0
            }
            if isLast { consumer.acknowledge([delivery.tag]) }
        }
        return true
    }

    private static func records(in delivery: Delivery) throws(MessageDefect) -> EncodedRecords {
        let name = delivery.header(Spool.collectionHeader) ?? ""
        guard let collection = Collection(rawValue: name), [.decisions, .outcomes].contains(collection), delivery.defect == nil else {
            throw MessageDefect(
                reason: "spool_malformed", field: Spool.collectionHeader, detail: "the spool holds decisions and outcomes, not '\(name)'")
        }
        do throws(RecordDefect) {
            return try EncodedRecords(of: collection, reading: delivery.body.bytes)
        } catch {
            throw MessageDefect(reason: "spool_malformed", detail: error.message)
        }
    }
}
