package import Scoring

/// A place in the log, the newest decision first: everything that comes before it has been seen, the decision at it included.
///
/// Decisions are in the order of time and, within a millisecond, of their ids, so a place stays the same whatever is added.
package struct DecisionPosition: Equatable, Sendable {
    package var decidedAt: Timestamp
    /// 32 hexadecimal digits; zeros = behind every decision of that millisecond.
    package var id: String

    /// Smaller than every id.
    static let noID = String(repeating: "0", count: 32)

    package init(decidedAt: Timestamp, id: DecisionID) {
        self.decidedAt = decidedAt
        self.id = id.text
    }

    /// Behind every decision of that millisecond.
    init(behind decidedAt: Timestamp) {
        self.decidedAt = decidedAt
        id = Self.noID
    }

    /// The last millisecond of which nothing has been seen.
    var unseen: Int64 { decidedAt.milliseconds - 1 }
}
