internal import CMongoC

extension Database {
    /// Stores log records; returns once they are durable under the URL's write concern (majority and journal by default).
    ///
    /// When this throws, nothing is known about any record of the batch, and the whole batch may be inserted again: `_id` is the
    /// record's own, so what was stored already comes back as a duplicate. Batches of any size: the driver splits them.
    package func insert<Record: LogRecord>(_ records: [Record]) throws(StoreError) -> InsertReport {
        try insert(records, into: Record.collection) { record, writer throws(RecordDefect) in try record.write(to: &writer) }
    }

    /// Stores log records that were encoded earlier, in the same way.
    package func insert(_ records: EncodedRecords) throws(StoreError) -> InsertReport {
        try insert((0..<records.count).map(records.document), into: records.collection) { document, writer in writer.replace(with: document)
        }
    }

    /// The server's limit for a document in bytes (`maxBsonObjectSize`), the same since MongoDB 1.8.
    private static let documentLimit = 16_777_216

    /// Stores documents of any kind, each with an `_id` of its own.
    func insert<Record>(
        _ records: [Record], into collection: Collection,
        _ write: (borrowing Record, inout DocumentWriter) throws(RecordDefect) -> Void
    ) throws(StoreError) -> InsertReport {
        guard !records.isEmpty else { return InsertReport(inserted: 0, duplicates: [], rejected: []) }
        let doing = "inserting \(records.count) \(collection.rawValue)"
        return try withCollection(collection.rawValue, doing: doing) { handle throws(StoreError) in
            guard let bulk = herald_bulk_new(handle) else {
                throw StoreError(code: .failed, doing: doing, message: "the driver made no bulk operation")
            }
            defer { mongoc_bulk_operation_destroy(bulk) }
            let (sent, rejected) = try Self.fill(bulk, records, doing: doing, write)
            guard !sent.isEmpty else { return InsertReport(inserted: 0, duplicates: [], rejected: rejected) }

            var reply = herald_document()
            var error = bson_error_t()
            let done = herald_bulk_execute(bulk, &reply, &error)
            var report = try BulkReply(Document(taking: reply))
                .report(on: sent.count, error: done ? nil : StoreError(error, doing: doing), doing: doing)
            report.number(by: sent, adding: rejected)
            return report
        }
    }

    /// Copies the records into the bulk.
    ///
    /// Returns the indexes of those that are in it, and the others with the reason.
    private static func fill<Record>(
        _ bulk: OpaquePointer, _ records: [Record], doing: String,
        _ write: (borrowing Record, inout DocumentWriter) throws(RecordDefect) -> Void
    ) throws(StoreError) -> (sent: [Int], rejected: [InsertReport.Rejection]) {
        var writer = DocumentWriter()
        var sent: [Int] = []
        sent.reserveCapacity(records.count)
        var rejected: [InsertReport.Rejection] = []
        for (index, record) in records.enumerated() {
            do throws(RecordDefect) {
                try write(record, &writer)
            } catch {
                rejected.append(InsertReport.Rejection(index: index, code: 2, message: error.message))
                continue
            }
            // One document over the limit makes the driver drop the rest of the bulk, so it must not get that far.
            guard writer.length <= documentLimit else {
                let message = "the document has \(writer.length) bytes, the limit is \(documentLimit)"
                rejected.append(InsertReport.Rejection(index: index, code: 10_334, message: message))
                continue
            }
            var error = bson_error_t()
            let bytes = writer.bytes.assumingMemoryBound(to: UInt8.self)
            guard
                herald_bulk_insert(
                    bulk, bytes.baseAddress, UInt32(bytes.count), unchecked.bytes, UInt32(unchecked.bytes.count), &error)
            else { throw StoreError(error, doing: doing) }
            sent.append(index)
        }
        return (sent, rejected)
    }

    /// `{validate: false}`: keys come from the source and strings from Swift, so the driver need not walk each document again.
    private static let unchecked = Document(bytes: [16, 0, 0, 0, 0x08] + Array("validate".utf8) + [0, 0, 0])
}

extension InsertReport {
    /// Turns indexes among the documents sent into indexes of the batch.
    fileprivate mutating func number(by sent: [Int], adding others: [Rejection]) {
        duplicates = duplicates.map { sent[$0] }
        for index in rejected.indices { rejected[index].index = sent[rejected[index].index] }
        rejected = (rejected + others).sorted { $0.index < $1.index }
    }
}
