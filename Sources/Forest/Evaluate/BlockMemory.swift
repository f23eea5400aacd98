internal import CForest

/// This thread's scratch memory, divided for one block of rows.
@unsafe struct BlockMemory<Sum: LeafSum> {
    /// Rows of the block, 1 to 512.
    let rowCount: Int
    /// Lanes of 128 rows that a plane has: 1, 2 or 4.
    let lanes: Int
    let transposed: UnsafeMutablePointer<Float>
    let compare: UnsafeMutablePointer<UInt8>
    let ranks: UnsafeMutablePointer<UInt8>
    /// Ranks of the rows' jobs, where rows are a job's actions, and where each job's rows end.
    let jobRanks: UnsafeMutablePointer<UInt8>
    let jobEnds: UnsafeMutablePointer<Int32>
    /// For each row, how many jobs after that of the first of its 64 rows its own comes; and these first jobs.
    let localJobs: UnsafeMutablePointer<UInt8>
    let firstJobs: UnsafeMutablePointer<UInt16>
    let planes: UnsafeMutablePointer<UInt8>
    let sums: UnsafeMutablePointer<Sum>

    /// Bytes of one plane.
    var planeBytes: Int { unsafe 16 * lanes }

    /// `nil` where the system has no memory.
    init?(for plan: ForestPlan<Sum>, rowCount: Int, lanes: Int) {
        let rankBytes = plan.columns.count * CFOREST_COLUMN_PLANES * 64
        let rows = ForestPlan<Sum>.blockRows
        let bytes =
            unsafe ScratchMemory.bytes(CFOREST_TRANSPOSED_FLOATS, of: Float.self) + ScratchMemory.bytes(rows, of: Sum.self)
            + ScratchMemory.bytes(rows, of: Int32.self) + ScratchMemory.bytes(rows / 64, of: UInt16.self)
            + ScratchMemory.bytes(CFOREST_COMPARE_BYTES, of: UInt8.self) + ScratchMemory.bytes(rows, of: UInt8.self)
            + 2 * ScratchMemory.bytes(rankBytes, of: UInt8.self) + ScratchMemory.bytes(plan.planeCount * 64, of: UInt8.self)
        guard var memory = unsafe ScratchMemory(bytes: bytes) else { return nil }
        unsafe self.rowCount = rowCount
        unsafe self.lanes = lanes
        unsafe transposed = memory.take(CFOREST_TRANSPOSED_FLOATS)
        unsafe compare = memory.take(CFOREST_COMPARE_BYTES)
        unsafe sums = memory.take(rows)
        unsafe jobEnds = memory.take(rows)
        unsafe localJobs = memory.take(rows)
        unsafe firstJobs = memory.take(rows / 64)
        unsafe ranks = memory.take(rankBytes)
        unsafe jobRanks = memory.take(rankBytes)
        unsafe planes = memory.take(plan.planeCount * 64)
        unsafe planes.update(repeating: 0, count: planeBytes)
        unsafe (planes + planeBytes).update(repeating: 0xFF, count: planeBytes)
    }
}
