internal import CMongoC

/// Where the database is, with limits on every wait.
///
/// A `mongodb://` or `mongodb+srv://` URL. Its path names the database, `herald` without one. What the URL leaves open becomes
/// `w=majority&journal=true&wtimeoutMS=5000&serverSelectionTimeoutMS=2000&connectTimeoutMS=3000&socketTimeoutMS=10000&`
/// `waitQueueTimeoutMS=5000&appName=herald`, because the driver's own defaults wait up to five minutes and do not ask for durability.
/// A URL that says something else is taken at its word, except `w=0`, which would leave nothing to report.
package struct StoreURL: Sendable, Equatable {
    /// The waits and the write concern in force, after defaults.
    package struct Settings: Sendable, Equatable {
        /// Until a usable server is known.
        package var serverSelectionTimeout: Duration
        package var connectTimeout: Duration
        /// For one answer of the server.
        package var socketTimeout: Duration
        /// For a majority to confirm a write.
        package var writeTimeout: Duration
        /// For a free connection of the pool.
        package var poolTimeout: Duration
        /// Whether a write counts only once a majority has it in its journal.
        package var waitsForMajorityAndJournal: Bool
    }

    /// As given, password included: never printed.
    let text: String
    package let databaseName: String
    package let settings: Settings

    /// Reads a URL; `database`, where given, replaces the one in its path.
    package init(_ text: String, database: String? = nil) throws(StoreError) {
        var parsed = Result<OpaquePointer, StoreError>.failure(Self.invalid(""))
        let warning = Driver.firstWarning { parsed = Result { () throws(StoreError) in try Self.parse(text) } }
        let uri = try parsed.get()
        defer { mongoc_uri_destroy(uri) }
        if let warning { throw Self.invalid(warning) }
        Self.addDefaults(to: uri)
        guard let concern = mongoc_uri_get_write_concern(uri), mongoc_write_concern_is_acknowledged(concern) else {
            throw Self.invalid("w=0 asks for no answer, so nothing could be reported as stored; remove it")
        }
        self.text = text
        databaseName = database ?? mongoc_uri_get_database(uri).map { String(cString: $0) } ?? "herald"
        settings = Self.settings(of: uri, concern)
        guard (1...63).contains(databaseName.utf8.count), !databaseName.contains(where: { "/\\. \"$*<>:|?\0".contains($0) }) else {
            throw Self.invalid("'\(databaseName)' is no name for a database")
        }
    }

    /// The driver's form of the URL, defaults added.
    ///
    /// The caller destroys it.
    func makeURI() throws(StoreError) -> OpaquePointer {
        let uri = try Self.parse(text)
        Self.addDefaults(to: uri)
        return uri
    }

    private static func parse(_ text: String) throws(StoreError) -> OpaquePointer {
        guard !text.utf8.contains(0) else { throw invalid("it contains a NUL character") }
        guard !hasUnescapedPassword(text) else {
            throw invalid("write the characters / ? # @ : in a user, a password or an option as %2F %3F %23 %40 %3A")
        }
        var error = bson_error_t()
        guard let uri = mongoc_uri_new_with_error(text, &error) else {
            throw invalid(StoreError(error, doing: "").message)
        }
        return uri
    }

    private static func addDefaults(to uri: OpaquePointer) {
        let milliseconds = [
            (MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 2000), (MONGOC_URI_CONNECTTIMEOUTMS, 3000), (MONGOC_URI_SOCKETTIMEOUTMS, 10_000),
            (MONGOC_URI_WAITQUEUETIMEOUTMS, 5000),
        ]
        for (option, value) in milliseconds where !mongoc_uri_has_option(uri, option) {
            mongoc_uri_set_option_as_int32(uri, option, Int32(value))
        }
        if mongoc_uri_get_appname(uri) == nil { mongoc_uri_set_appname(uri, "herald") }

        guard let concern = mongoc_write_concern_copy(mongoc_uri_get_write_concern(uri)) else { return }
        defer { mongoc_write_concern_destroy(concern) }
        if mongoc_write_concern_get_w(concern) == MONGOC_WRITE_CONCERN_W_DEFAULT {
            mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY)
        }
        if mongoc_write_concern_get_w(concern) != MONGOC_WRITE_CONCERN_W_UNACKNOWLEDGED, !mongoc_write_concern_journal_is_set(concern) {
            mongoc_write_concern_set_journal(concern, true)
        }
        if mongoc_write_concern_get_wtimeout_int64(concern) == 0 { mongoc_write_concern_set_wtimeout_int64(concern, 5000) }
        mongoc_uri_set_write_concern(uri, concern)
    }

    private static func settings(of uri: OpaquePointer, _ concern: OpaquePointer) -> Settings {
        func duration(_ option: String) -> Duration { .milliseconds(mongoc_uri_get_option_as_int32(uri, option, 0)) }
        return Settings(
            serverSelectionTimeout: duration(MONGOC_URI_SERVERSELECTIONTIMEOUTMS),
            connectTimeout: duration(MONGOC_URI_CONNECTTIMEOUTMS),
            socketTimeout: duration(MONGOC_URI_SOCKETTIMEOUTMS),
            writeTimeout: .milliseconds(mongoc_write_concern_get_wtimeout_int64(concern)),
            poolTimeout: duration(MONGOC_URI_WAITQUEUETIMEOUTMS),
            waitsForMajorityAndJournal: mongoc_write_concern_get_wmajority(concern) && mongoc_write_concern_get_journal(concern))
    }

    private static func invalid(_ message: String) -> StoreError {
        StoreError(code: .invalidURL, doing: "reading the MongoDB URL", message: message)
    }
}
