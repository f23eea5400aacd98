/// Calls that score rows of the pool which follow each other: one that is not timed, then `calls` that are.
struct ScoreTask {
    let firstRow: Int
    let rowsPerCall: Int
    let calls: Int

    /// Rows of the pool that the task needs.
    var rowCount: Int { rowsPerCall * (calls + 1) }

    /// About 2048 rows in all, at most 256 calls, elsewhere in the pool for each round.
    init(rowsPerCall: Int, round: Int, pool: RowPool) {
        self.rowsPerCall = rowsPerCall
        calls = max(1, min(256, 2048 / rowsPerCall))
        var random = RandomBits(seed: UInt64(round) << 32 | UInt64(rowsPerCall))
        firstRow = Int.random(in: 0...pool.rowCount - rowsPerCall * (calls + 1), using: &random)
    }
}
