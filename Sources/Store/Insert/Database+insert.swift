internal import CMongoC

extension Database {
    /// Stores log records; returns once they are durable under the URL's write concern (majority and journal by default).
    ///
    /// When this throws, nothing is known about any record of the batch, and the whole batch may be inserted again: `_id` is the
    /// record's own, so what was stored already comes back as a duplicate. Batches of any size: the driver splits them.
    package func insert<Record: LogRecord>(_ records: [Record]) throws(StoreError) -> InsertReport {
        try insert(records, into: Record.collection) { record, writer throws(RecordDefect) in try record.write(to: &writer) }
    }

    /// Stores documents of any kind, each with an `_id` of its own, in the same way.
    func insert<Record>(
        _ records: [Record], into collection: Collection,
        _ write: (borrowing Record, inout DocumentWriter) throws(RecordDefect) -> Void
    ) throws(StoreError) -> InsertReport {
        var writer = DocumentWriter()
        var encoded = EncodedRecords(of: collection)
        var sent: [Int] = []
        var rejected: [InsertReport.Rejection] = []
        for (index, record) in records.enumerated() {
            do throws(RecordDefect) {
                try encoded.append(with: &writer) { writer throws(RecordDefect) in try write(record, &writer) }
                sent.append(index)
            } catch {
                rejected.append(InsertReport.Rejection(index: index, code: error.code, message: error.message))
            }
        }
        var report = try insert([encoded])
        report.number(by: sent, adding: rejected)
        return report
    }

    /// Stores log records that were encoded before, in the same way.
    ///
    /// - Parameter batches: all of one collection; the report counts their documents through.
    package func insert(_ batches: [EncodedRecords]) throws(StoreError) -> InsertReport {
        let count = batches.reduce(0) { $0 + $1.count }
        guard let collection = batches.first?.collection, count > 0 else {
            return InsertReport(inserted: 0, duplicates: [], rejected: [])
        }
        precondition(batches.allSatisfy { $0.collection == collection }, "one insert goes to one collection")
        let doing = "inserting \(count) \(collection.rawValue)"
        return try withCollection(collection.rawValue, doing: doing) { handle throws(StoreError) in
            guard let bulk = herald_bulk_new(handle) else {
                throw StoreError(code: .failed, doing: doing, message: "the driver made no bulk operation")
            }
            defer { mongoc_bulk_operation_destroy(bulk) }
            for batch in batches { try Self.fill(bulk, with: batch, doing: doing) }

            var reply = herald_document()
            var error = bson_error_t()
            let done = herald_bulk_execute(bulk, &reply, &error)
            return try BulkReply(Document(taking: reply)).report(
                on: count, error: done ? nil : StoreError(error, doing: doing), doing: doing)
        }
    }

    /// Copies the documents into the bulk.
    private static func fill(_ bulk: OpaquePointer, with records: EncodedRecords, doing: String) throws(StoreError) {
        try records.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
            for index in 0..<records.count {
                let document = UnsafeBufferPointer(rebasing: bytes[records.range(of: index)])
                var error = bson_error_t()
                guard
                    herald_bulk_insert(
                        bulk, document.baseAddress, UInt32(document.count), unchecked.bytes, UInt32(unchecked.bytes.count), &error)
                else { throw StoreError(error, doing: doing) }
            }
        }
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
