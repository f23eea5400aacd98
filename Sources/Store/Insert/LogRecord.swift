package import Scoring

/// A kind of record of which there are many: inserted by the batch, safe to insert again, because its `_id` is its own.
package protocol LogRecord: Sendable {
    /// Where its documents are.
    static var collection: Collection { get }

    /// Writes its document.
    ///
    /// - Throws: `RecordDefect` where it has no document.
    func write(to writer: inout DocumentWriter) throws(RecordDefect)
}

extension DecisionRecord: LogRecord {
    package static var collection: Collection { .decisions }
}

extension Outcome: LogRecord {
    package static var collection: Collection { .outcomes }
}
