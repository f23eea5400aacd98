internal import CMongoC

/// Documents of one collection, encoded as they will be inserted: log records on their way round a database that is away.
package struct EncodedRecords: Sendable, Equatable {
    package let collection: Collection
    /// BSON documents, one behind the other.
    package private(set) var bytes: [UInt8] = []
    /// Where each ends in `bytes`.
    private(set) var ends: [Int] = []

    /// No documents yet.
    package init(of collection: Collection) {
        self.collection = collection
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
        try record.write(to: &writer)
        bytes += writer.bytes
        ends.append(bytes.count)
    }

    /// One of the documents.
    package func document(_ index: Int) -> Document {
        Document(bytes: Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]))
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
