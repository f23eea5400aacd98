internal import CForest

/// This thread's scratch memory, divided for up to 64 actions of one job.
@unsafe struct ActionMemory<Sum: LeafSum> {
    let transposed: UnsafeMutablePointer<Float>
    let compare: UnsafeMutablePointer<UInt8>
    let sums: UnsafeMutablePointer<Sum>
    /// Bytes of the ranks of the shared row.
    let rowRanks: UnsafeMutablePointer<UInt8>
    /// Ranks of the varying columns, as planes of one lane.
    let ranks: UnsafeMutablePointer<UInt8>
    let planes: UnsafeMutablePointer<UInt8>
    let words: UnsafeMutablePointer<UInt64>

    /// `nil` where the system has no memory.
    init?(for words: ActionWords<Sum>, columnCount: Int) {
        let planeBytes = 16
        let ranks = (columnCount * CFOREST_COLUMN_PLANES * planeBytes + 63) / 64 * 64
        let planes = (words.conditions.count / 2 * planeBytes + 63) / 64 * 64
        let sizes = (transposed: CFOREST_TRANSPOSED_FLOATS * 4, compare: CFOREST_COMPARE_BYTES, sums: ForestPlan<Sum>.blockRows * 8)
        let bytes = sizes.transposed + sizes.compare + sizes.sums + 256 + ranks + planes + (words.operands.count + 8) * 8
        guard var next = unsafe cforest_scratch(bytes) else { return nil }
        unsafe transposed = next.assumingMemoryBound(to: Float.self)
        unsafe next += sizes.transposed
        unsafe compare = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += sizes.compare
        unsafe sums = next.assumingMemoryBound(to: Sum.self)
        unsafe next += sizes.sums
        unsafe rowRanks = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += 256
        unsafe self.ranks = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += ranks
        unsafe self.planes = next.assumingMemoryBound(to: UInt8.self)
        unsafe next += planes
        unsafe self.words = next.assumingMemoryBound(to: UInt64.self)
    }
}
