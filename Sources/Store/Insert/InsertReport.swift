/// What became of a batch: each index is inserted, a duplicate, or rejected.
///
/// Everything in it is final and durable.
package struct InsertReport: Equatable, Sendable {
    /// A record that can never be stored as it is.
    package struct Rejection: Equatable, Sendable {
        /// Index in the batch.
        package var index: Int
        /// The server's code; 2 (BadValue) and 10334 (BSONObjectTooLarge) also where Herald saw it before the server did.
        package var code: Int
        package var message: String

        package init(index: Int, code: Int, message: String) {
            self.index = index
            self.code = code
            self.message = message
        }
    }

    /// How many were new.
    package var inserted: Int
    /// Indexes, ascending, of records whose `_id` was there already: stored before, and as durable as the new ones.
    package var duplicates: [Int]
    /// Ascending by index.
    package var rejected: [Rejection]

    package init(inserted: Int, duplicates: [Int], rejected: [Rejection]) {
        self.inserted = inserted
        self.duplicates = duplicates
        self.rejected = rejected
    }

    /// Size of the batch.
    package var count: Int { inserted + duplicates.count + rejected.count }
}
