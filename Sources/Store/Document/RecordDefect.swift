/// Why a record cannot be written as a document, before any server is asked.
package struct RecordDefect: Error, Equatable, Sendable {
    /// One sentence.
    package var message: String

    init(_ message: String) {
        self.message = message
    }
}
