/// Why a record cannot be written as a document, before any server is asked.
package struct RecordDefect: Error, Equatable, Sendable {
    /// The code that the server would give: 2 (BadValue) or 10334 (BSONObjectTooLarge).
    package var code = 2
    /// One sentence.
    package var message: String

    init(_ message: String) {
        self.message = message
    }

    /// A document that is larger than the server takes.
    init(tooLarge bytes: Int, limit: Int) {
        code = 10_334
        message = "the document has \(bytes) bytes, the limit is \(limit)"
    }
}
