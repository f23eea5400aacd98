internal import Broker
internal import Scoring
internal import Store

/// Keeps log records in a queue of the broker while the database does not take them.
///
/// A message holds many records of one collection, as the BSON documents that will be inserted; `SpoolDrain` reads them back.
final class Spool: Sendable {
    /// Names the collection.
    static let collectionHeader = "x-herald-collection"
    /// Bytes of documents that close a message: few messages are cheap, and the broker moves small ones at once.
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
    /// - Parameter report: gets the positions of those that the broker has confirmed, in parts, and of those that no document can be made of.
    func keep<Record: LogRecord>(_ records: [Record], report: @escaping @Sendable (LogReport) -> Void) {
        var writer = DocumentWriter()
        var encoded = EncodedRecords(of: Record.collection)
        var positions: [Int] = []
        for (position, record) in records.enumerated() {
            do throws(RecordDefect) {
                try encoded.append(record, with: &writer)
                positions.append(position)
            } catch {
                report(LogReport(rejected: [(position, error.message)]))
            }
            if encoded.bytes.count >= Self.messageBytes {
                publish(encoded, at: positions, report)
                encoded = EncodedRecords(of: Record.collection)
                positions = []
            }
        }
        if encoded.count > 0 { publish(encoded, at: positions, report) }
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
