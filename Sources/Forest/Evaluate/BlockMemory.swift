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
        let ranks = plan.columns.count * CFOREST_COLUMN_PLANES * 64
        let rows = ForestPlan<Sum>.blockRows
        let sizes = (
            transposed: CFOREST_TRANSPOSED_FLOATS * 4, compare: CFOREST_COMPARE_BYTES, sums: rows * 8, ends: rows * 4, local: rows,
            first: 64
        )
        let bytes =
            sizes.transposed + sizes.compare + sizes.sums + sizes.ends + sizes.local + sizes.first + 2 * ranks + plan.planeCount * 64
        guard var next = unsafe cforest_scratch(bytes) else { return nil }
        unsafe self.rowCount = rowCount
        unsafe self.lanes = lanes
        unsafe transposed = next.assumingMemoryBound(to: Float.self)
        unsafe next += sizes.transposed
        unsafe compare = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += sizes.compare
        unsafe sums = next.assumingMemoryBound(to: Sum.self)
        unsafe next += sizes.sums
        unsafe jobEnds = next.assumingMemoryBound(to: Int32.self)
        unsafe next += sizes.ends
        unsafe localJobs = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += sizes.local
        unsafe firstJobs = next.assumingMemoryBound(to: UInt16.self)
        unsafe next += sizes.first
        unsafe self.ranks = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += ranks
        unsafe jobRanks = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += ranks
        unsafe planes = next.assumingMemoryBound(to: UInt8.self)
        unsafe planes.update(repeating: 0, count: planeBytes)
        unsafe (planes + planeBytes).update(repeating: 0xFF, count: planeBytes)
    }
}
