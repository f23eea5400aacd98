internal import CMongoC

/// A query under way, which gives its documents one after the other in memory that does not grow with their number.
///
/// Owns a connection of the pool until it is gone, so it belongs to one thread; every call may block it.
final class DocumentCursor {
    private let database: Database
    private let doing: String
    private let client: OpaquePointer
    private let collection: OpaquePointer
    private let cursor: OpaquePointer
    /// To ask once more behind the end is an error of the driver.
    private var isAtEnd = false

    /// - Parameter options: as `find` of the driver takes them; no limit of time, which would be one for the whole of the walk.
    init(
        _ database: Database, _ filter: Document, _ options: Document, in name: String, doing: String
    ) throws(StoreError) {
        let client = try database.takeClient(doing: doing)
        guard let collection = mongoc_client_get_collection(client, database.url.databaseName, name) else {
            database.giveBack(client)
            throw StoreError(code: .failed, doing: doing, message: "'\(name)' is no name for a collection")
        }
        let cursor = herald_find(
            collection, filter.bytes, UInt32(filter.bytes.count), options.bytes, UInt32(options.bytes.count))
        guard let cursor else {
            mongoc_collection_destroy(collection)
            database.giveBack(client)
            throw StoreError(code: .failed, doing: doing, message: "the query is not a document")
        }
        self.database = database
        self.doing = doing
        self.client = client
        self.collection = collection
        self.cursor = cursor
    }

    deinit {
        mongoc_cursor_destroy(cursor)
        mongoc_collection_destroy(collection)
        database.giveBack(client)
    }

    /// The next document; `nil` behind the last.
    func next() throws(StoreError) -> Document? {
        guard !isAtEnd else { return nil }
        var bytes: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        var failed = false
        var error = bson_error_t()
        if herald_cursor_next(cursor, &bytes, &length, &failed, &error) {
            return Document(bytes: Array(UnsafeBufferPointer(start: bytes, count: Int(length))))
        }
        isAtEnd = true
        if failed { throw StoreError(error, doing: doing) }
        return nil
    }
}
