package import Scoring

/// An entry of the audit: who did what to which messages, and how it ended.
///
/// Appended before something is done and again when it is done, under ids of their own: what was begun and never ended shows.
package struct AuditEntry: Equatable, Sendable {
    /// Unique.
    package var id: String
    package var at: Timestamp
    /// Name of the caller, 1–128 characters.
    package var who: String
    /// A word, such as `requeue`.
    package var action: String
    /// Full name of the queue that messages were taken from.
    package var queue: String
    /// Messages that it is about.
    package var count: Int
    /// Of the messages, `largestIDs` at most.
    package var ids: [String]
    /// The reason that the messages were chosen by, where they were.
    package var reason: String?
    /// A word, such as `begun` or `done`.
    package var result: String
    /// More about the result, in a sentence.
    package var detail: String?
    package var requestID: String

    /// Most ids that an entry holds.
    package static let largestIDs = 1000

    package init(
        at: Timestamp, who: String, action: String, queue: String, count: Int, ids: [String], reason: String? = nil, result: String,
        detail: String? = nil, requestID: String
    ) {
        id = String(UInt64.random(in: 0...(.max)), radix: 36) + String(UInt64.random(in: 0...(.max)), radix: 36)
        self.at = at
        self.who = String(who.prefix(128))
        self.action = action
        self.queue = queue
        self.count = count
        self.ids = Array(ids.prefix(Self.largestIDs))
        self.reason = reason
        self.result = result
        self.detail = detail
        self.requestID = requestID
    }

    func write(to writer: inout DocumentWriter) {
        writer.begin()
        writer.string("_id", id)
        writer.date("at", at.milliseconds)
        writer.string("who", who)
        writer.string("action", action)
        writer.string("queue", queue)
        writer.int64("count", Int64(count))
        let list = writer.openArray("ids")
        for (index, id) in ids.enumerated() { writer.element(index, string: id) }
        writer.close(at: list)
        if let reason { writer.string("reason", reason) }
        writer.string("result", result)
        if let detail { writer.string("detail", detail) }
        writer.string("request_id", requestID)
        writer.end()
    }

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "audit entry \(document["_id"]?.string ?? "without an id")")
        id = try fields.text("_id")
        at = try fields.time("at")
        who = try fields.text("who")
        action = try fields.text("action")
        queue = try fields.text("queue")
        count = try fields.integer("count")
        ids = try fields.array("ids") { $0.string }
        reason = try fields.optionalText("reason")
        result = try fields.text("result")
        detail = try fields.optionalText("detail")
        requestID = try fields.text("request_id")
    }
}

extension Database {
    /// Appends an entry; returns once it is durable.
    package func append(_ entry: AuditEntry) throws(StoreError) {
        let report = try insert([entry], into: .audit) { entry, writer throws(RecordDefect) in entry.write(to: &writer) }
        if let rejection = report.rejected.first {
            throw StoreError(code: .failed, doing: "appending to the audit", message: "\(rejection.code): \(rejection.message)")
        }
    }

    /// The newest entries, newest first.
    package func audit(limit: Int = 100) throws(StoreError) -> [AuditEntry] {
        let doing = "reading the audit"
        let options = try Document(
            json: "{\"sort\": {\"at\": -1, \"_id\": -1}, \"limit\": \(limit), \"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
        let found = try find(Document(json: "{}", doing: doing), options, in: Collection.audit.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try AuditEntry(document) }
    }
}
