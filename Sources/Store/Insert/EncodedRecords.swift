internal import CMongoC

/// Documents of one collection, one behind the other, encoded as they will be inserted.
package struct EncodedRecords: Sendable, Equatable {
    /// The server's limit for a document in bytes (`maxBsonObjectSize`), the same since MongoDB 1.8.
    private static let documentLimit = 16_777_216

    package let collection: Collection
    /// BSON documents, one behind the other.
    package private(set) var bytes: [UInt8] = []
    /// Where each ends in `bytes`.
    private(set) var ends: [Int] = []

    /// No documents yet, and room for so many bytes of them.
    package init(of collection: Collection, capacity: Int = 0) {
        self.collection = collection
        bytes.reserveCapacity(capacity)
    }

    /// Reads what `bytes` of another have become.
    ///
    /// - Throws: `RecordDefect` where they are no BSON documents, or none at all.
    package init(of collection: Collection, reading bytes: [UInt8]) throws(RecordDefect) {
        self.collection = collection
        self.bytes = bytes
        var start = 0
        while start < bytes.count {
            guard let length = Self.documentLength(bytes[start...]) else {
                throw RecordDefect("byte \(start) of \(bytes.count) begins no BSON document")
            }
            start += length
            ends.append(start)
        }
        guard !ends.isEmpty else { throw RecordDefect("there is no document") }
    }

    /// Number of documents.
    package var count: Int { ends.count }

    /// Encodes one more.
    ///
    /// - Throws: `RecordDefect`; then nothing was added.
    package mutating func append(_ record: some LogRecord, with writer: inout DocumentWriter) throws(RecordDefect) {
        try append(with: &writer) { writer throws(RecordDefect) in try record.write(to: &writer) }
    }

    /// Adds the document that `write` writes.
    ///
    /// - Throws: `RecordDefect`, also where the document is larger than the server takes; then nothing was added. One document over the
    ///   limit would make the driver drop the rest of its bulk.
    mutating func append(
        with writer: inout DocumentWriter, _ write: (inout DocumentWriter) throws(RecordDefect) -> Void
    ) throws(RecordDefect) {
        try write(&writer)
        guard writer.length <= Self.documentLimit else { throw RecordDefect(tooLarge: writer.length, limit: Self.documentLimit) }
        bytes += writer.bytes
        ends.append(bytes.count)
    }

    /// One of the documents.
    package func document(_ index: Int) -> Document {
        Document(bytes: Array(bytes[range(of: index)]))
    }

    /// The documents in parts of at most `limit` bytes, or of one larger document, in their order, each with its first document's index.
    package func parts(ofBytes limit: Int) -> [(first: Int, records: EncodedRecords)] {
        var parts: [(first: Int, records: EncodedRecords)] = []
        for index in 0..<count {
            let document = bytes[range(of: index)]
            if parts.last.map({ $0.records.bytes.count + document.count > limit }) ?? true {
                parts.append((index, EncodedRecords(of: collection)))
            }
            parts[parts.count - 1].records.bytes += document
            parts[parts.count - 1].records.ends.append(parts[parts.count - 1].records.bytes.count)
        }
        return parts
    }

    /// Where a document is in `bytes`.
    func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// Length of the valid document that some bytes begin with.
    private static func documentLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 5 else { return nil }
        let length = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard (5...bytes.count).contains(length) else { return nil }
        let isValid = bytes.prefix(length).withUnsafeBufferPointer { herald_document_is_valid($0.baseAddress, UInt32(length)) }
        return isValid ? length : nil
    }
}
