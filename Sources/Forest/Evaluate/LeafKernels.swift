internal import CForest

/// The vector functions that add leaves, for sums of one precision: `CForest.h` has their parameters.
@unsafe struct LeafKernels<Sum>: Sendable {
    /// Planes, lanes or rows, depth, nodes, leaves, trees, sums.
    typealias Levels =
        @Sendable (
            UnsafePointer<UInt8>, Int, Int, UnsafePointer<UInt16>, UnsafePointer<UInt8>, Int, UnsafeMutablePointer<Sum>
        ) -> Void
    /// Planes, lanes or rows, programs, their number, operations, leaves, sums.
    typealias Programs =
        @Sendable (
            UnsafeMutablePointer<UInt8>, Int, UnsafePointer<cforest_program>, Int, UnsafePointer<cforest_operation>, UnsafePointer<UInt8>,
            UnsafeMutablePointer<Sum>
        ) -> Void
    /// Ranks, their number, groups, trees, nodes, what varies, words, leaves, sums.
    typealias Actions =
        @Sendable (
            UnsafePointer<UInt8>, Int, UnsafePointer<cforest_group>, Int, UnsafePointer<UInt8>, UnsafePointer<UInt32>,
            UnsafePointer<UInt64>, UnsafePointer<UInt8>, UnsafeMutablePointer<Sum>
        ) -> Void

    /// By AVX-512: these want lanes.
    let levels512: Levels
    let programs512: Programs
    let actions512: Actions
    /// By AVX2: these want rows.
    let levels2: Levels
    let programs2: Programs
}
