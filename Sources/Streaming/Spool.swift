internal import Broker
internal import Scoring
internal import Store

/// Keeps log records in a queue of the broker while the database does not take them.
///
/// A message holds many records of one collection, as the BSON documents that will be inserted; `SpoolDrain` reads them back.
final class Spool: Sendable {
    /// Names the collection.
    static let collectionHeader = "x-herald-collection"
    /// Bytes of documents in a message: few messages are cheap, and the broker moves small ones at once.
    private static let messageBytes = 256 * 1024
    /// BSON documents, one behind the other.
    static let contentType = "application/bson"

    private let outbox: Outbox
    private let queue: String
    private let metrics: ScorerMetrics

    init(outbox: Outbox, queue: String, metrics: ScorerMetrics) {
        self.outbox = outbox
        self.queue = queue
        self.metrics = metrics
    }

    /// Keeps records; blocks while the broker takes nothing.
    ///
    /// Reports those that the broker has confirmed, in parts.
    func keep(_ batch: LogBatch) {
        for (first, records) in batch.records.parts(ofBytes: Self.messageBytes) {
            publish(records, at: Array(batch.positions[first..<first + records.count]), batch.report)
        }
    }

    private func publish(_ records: EncodedRecords, at positions: [Int], _ report: @escaping @Sendable (LogReport) -> Void) {
        var headers = MessageHeaders()
        headers.set(Self.collectionHeader, records.collection.rawValue)
        let message = OutgoingMessage(
            routingKey: queue, contentType: Self.contentType, headers: headers, body: MessageBody(records.bytes))
        outbox.publish([message]) { [metrics] _ in
            metrics.recordSpooled(positions.count)
            report(LogReport(durable: positions))
        }
    }
}
