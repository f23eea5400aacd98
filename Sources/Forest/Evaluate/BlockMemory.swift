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
    let planes: UnsafeMutablePointer<UInt8>
    let sums: UnsafeMutablePointer<Sum>

    /// Bytes of one plane.
    var planeBytes: Int { unsafe 16 * lanes }

    /// `nil` where the system has no memory.
    init?(for plan: ForestPlan<Sum>, rowCount: Int, lanes: Int) {
        let sizes = (transposed: CFOREST_TRANSPOSED_FLOATS * 4, compare: CFOREST_COMPARE_BYTES, sums: ForestPlan<Sum>.blockRows * 8)
        let ranks = plan.columns.count * CFOREST_COLUMN_PLANES * 64
        let bytes = sizes.transposed + sizes.compare + sizes.sums + ranks + plan.planeCount * 64
        guard let memory = unsafe cforest_scratch(bytes) else { return nil }
        unsafe self.rowCount = rowCount
        unsafe self.lanes = lanes
        unsafe transposed = memory.assumingMemoryBound(to: Float.self)
        unsafe compare = (memory + sizes.transposed).assumingMemoryBound(to: UInt8.self)
        unsafe sums = (memory + sizes.transposed + sizes.compare).assumingMemoryBound(to: Sum.self)
        unsafe self.ranks = (memory + sizes.transposed + sizes.compare + sizes.sums).assumingMemoryBound(to: UInt8.self)
        unsafe planes = self.ranks + ranks
        unsafe planes.update(repeating: 0, count: planeBytes)
        unsafe (planes + planeBytes).update(repeating: 0xFF, count: planeBytes)
    }
}
