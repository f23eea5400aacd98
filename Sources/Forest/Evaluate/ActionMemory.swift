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
        let rankBytes = columnCount * CFOREST_COLUMN_PLANES * planeBytes
        let planes = words.conditions.count / 2 * planeBytes
        // The last words are read eight at a time.
        let wordCount = words.operands.count + 8
        let rows = ForestPlan<Sum>.blockRows
        let bytes =
            unsafe ScratchMemory.bytes(CFOREST_TRANSPOSED_FLOATS, of: Float.self) + ScratchMemory.bytes(rows, of: Sum.self)
            + ScratchMemory.bytes(wordCount, of: UInt64.self)
            + [CFOREST_COMPARE_BYTES, 256, rankBytes, planes].reduce(0) { unsafe $0 + ScratchMemory.bytes($1, of: UInt8.self) }
        guard var memory = unsafe ScratchMemory(bytes: bytes) else { return nil }
        unsafe transposed = memory.take(CFOREST_TRANSPOSED_FLOATS)
        unsafe compare = memory.take(CFOREST_COMPARE_BYTES)
        unsafe sums = memory.take(rows)
        unsafe rowRanks = memory.take(256)
        unsafe ranks = memory.take(rankBytes)
        unsafe self.planes = memory.take(planes)
        unsafe self.words = memory.take(wordCount)
    }
}
