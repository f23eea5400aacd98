/// What became of records of a batch: each position of the batch is in exactly one report, and there in exactly one of the two.
package struct LogReport: Sendable {
    /// Positions now durable.
    package var durable: [Int] = []
    /// Positions that will never be stored, with the reason.
    package var rejected: [(position: Int, reason: String)] = []
}
