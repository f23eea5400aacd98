internal import CMongoC

/// The MongoDB database of Herald, behind a pool of connections.
///
/// Safe to share between threads.
///
/// Every method blocks its thread until the server has answered or a limit of `StoreURL.settings` is reached, so none belongs on the
/// cooperative pool: call from dedicated threads. In the worst case (a server that is reachable but silent) an insert takes twice the
/// socket timeout plus the server selection timeout, because the driver repeats a write once.
package final class Database: Sendable {
    package let url: StoreURL
    /// The driver's pool is thread-safe by its contract; the clients popped from it are not, and never leave the operation that pops them.
    private nonisolated(unsafe) let pool: OpaquePointer

    /// Makes the pool.
    ///
    /// Does not connect: the first operation does, and `ping` says clearly what is wrong.
    package init(url: StoreURL) throws(StoreError) {
        _ = Driver.started
        let uri = try url.makeURI()
        defer { mongoc_uri_destroy(uri) }
        var error = bson_error_t()
        guard let pool = mongoc_client_pool_new_with_error(uri, &error) else {
            throw StoreError(error, doing: "making the pool for \(url)")
        }
        mongoc_client_pool_set_error_api(pool, 2)
        self.url = url
        self.pool = pool
    }

    deinit {
        mongoc_client_pool_destroy(pool)
    }

    /// Runs `body` with a client of the pool, which is given back afterwards.
    func withClient<Result>(doing: String, _ body: (OpaquePointer) throws(StoreError) -> Result) throws(StoreError) -> Result {
        let client = try takeClient(doing: doing)
        defer { giveBack(client) }
        return try body(client)
    }

    /// A client of the pool for the calling thread alone, until `giveBack`.
    func takeClient(doing: String) throws(StoreError) -> OpaquePointer {
        guard let client = mongoc_client_pool_pop(pool) else {
            throw StoreError(
                code: .unavailable, doing: doing, message: "no connection of the pool became free within \(url.settings.poolTimeout)")
        }
        return client
    }

    func giveBack(_ client: OpaquePointer) {
        mongoc_client_pool_push(pool, client)
    }

    /// Runs a command that writes on this database, with the write concern of the URL.
    @discardableResult
    package func write(_ command: Document, doing: String) throws(StoreError) -> Document {
        try run(command, on: url.databaseName, doing: doing, herald_write_command)
    }

    /// Runs a command that only reads; on another database where `database` is given.
    package func read(_ command: Document, on database: String? = nil, doing: String) throws(StoreError) -> Document {
        try run(command, on: database ?? url.databaseName, doing: doing, herald_read_command)
    }

    private typealias Command = (
        OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<UInt8>?, UInt32, UnsafeMutablePointer<herald_document>?,
        UnsafeMutablePointer<bson_error_t>?
    ) -> Bool

    private func run(_ command: Document, on database: String, doing: String, _ function: Command) throws(StoreError) -> Document {
        try withClient(doing: doing) { client throws(StoreError) in
            var reply = herald_document()
            var error = bson_error_t()
            let done = function(client, database, command.bytes, UInt32(command.bytes.count), &reply, &error)
            let answer = Document(taking: reply)
            guard done else { throw StoreError(error, doing: doing) }
            return answer
        }
    }

    /// Runs `body` with a handle of the collection.
    func withCollection<Result>(
        _ name: String, doing: String, _ body: (OpaquePointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try withClient(doing: doing) { client throws(StoreError) in
            guard let collection = mongoc_client_get_collection(client, url.databaseName, name) else {
                throw StoreError(code: .failed, doing: doing, message: "'\(name)' is no name for a collection")
            }
            defer { mongoc_collection_destroy(collection) }
            return try body(collection)
        }
    }

    /// The documents that match `filter`, in the order and number that `options` ask for.
    func find(_ filter: Document, _ options: Document, in collection: String, doing: String) throws(StoreError) -> [Document] {
        try withCollection(collection, doing: doing) { collection throws(StoreError) in
            let cursor = herald_find(
                collection, filter.bytes, UInt32(filter.bytes.count), options.bytes, UInt32(options.bytes.count))
            return try Self.drain(cursor, doing: doing)
        }
    }

    /// The results of `{"pipeline": […]}`.
    func aggregate(_ pipeline: Document, _ options: Document, in collection: String, doing: String) throws(StoreError) -> [Document] {
        try withCollection(collection, doing: doing) { collection throws(StoreError) in
            let cursor = herald_aggregate(
                collection, pipeline.bytes, UInt32(pipeline.bytes.count), options.bytes, UInt32(options.bytes.count))
            return try Self.drain(cursor, doing: doing)
        }
    }

    private static func drain(_ cursor: OpaquePointer?, doing: String) throws(StoreError) -> [Document] {
        guard let cursor else { throw StoreError(code: .failed, doing: doing, message: "the query is not a document") }
        defer { mongoc_cursor_destroy(cursor) }
        var documents: [Document] = []
        var bytes: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        var failed = false
        var error = bson_error_t()
        while herald_cursor_next(cursor, &bytes, &length, &failed, &error) {
            documents.append(Document(bytes: Array(UnsafeBufferPointer(start: bytes, count: Int(length)))))
        }
        if failed { throw StoreError(error, doing: doing) }
        return documents
    }
}
