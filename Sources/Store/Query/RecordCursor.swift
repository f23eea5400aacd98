/// Records of a collection in the order of time, read as they are asked for.
package struct RecordCursor<Record> {
    private let cursor: DocumentCursor
    private let read: (Document) throws(StoreError) -> Record

    init(_ cursor: DocumentCursor, _ read: @escaping (Document) throws(StoreError) -> Record) {
        self.cursor = cursor
        self.read = read
    }

    /// The next record with the document that it was read from; `nil` behind the last.
    package mutating func next() throws(StoreError) -> (record: Record, document: Document)? {
        guard let document = try cursor.next() else { return nil }
        return (try read(document), document)
    }
}
