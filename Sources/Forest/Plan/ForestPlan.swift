internal import CForest

/// A forest laid out for the fast paths: immutable tables, the same for every path.
///
/// Rows go through it in blocks of up to 512. The *ranks* of a block's values among the thresholds are kept as bit planes, one bit a row;
/// from them comes one plane for each condition of a *chunk* of trees, shared by its trees; a tree narrows its planes down to the bits of a
/// leaf code a row, which a table turns into leaves. Leaves are added in the order of the trees. A class, as `RowPlan` is, so that a call
/// counts one reference and not that of each table.
final class ForestPlan<Sum: LeafSum>: Sendable {
    static var blockRows: Int { CFOREST_BLOCK_ROWS }

    /// Ascending by feature.
    let columns: [cforest_column]
    let tables: [Float]
    let chunks: [ForestChunk]
    /// Operands of the complete trees, level by level.
    let nodes: [UInt16]
    let programs: [cforest_program]
    let operations: [cforest_operation]
    /// Leaf tables, split into the bytes of the leaves: what the vector paths look up.
    let leaves: [UInt8]
    /// The same leaves, whole: what the portable path looks up.
    let values: [Sum]
    /// Planes of the largest chunk, temporary ones included.
    let planeCount: Int
    let rowPlan: RowPlan<Sum>?

    init(
        columns: [cforest_column], tables: [Float], chunks: [ForestChunk], nodes: [UInt16], programs: [cforest_program],
        operations: [cforest_operation], leaves: [UInt8], values: [Sum], planeCount: Int, rowPlan: RowPlan<Sum>?
    ) {
        self.columns = columns
        self.tables = tables
        self.chunks = chunks
        self.nodes = nodes
        self.programs = programs
        self.operations = operations
        self.leaves = leaves
        self.values = values
        self.planeCount = planeCount
        self.rowPlan = rowPlan
    }
}

/// Trees whose planes are computed together, so that they stay in the second-level cache and their operands are 16 bits.
struct ForestChunk: Sendable {
    /// Planes of a chunk at most, without the temporary ones of a program.
    static let planeLimit = 8000
    /// The first two planes: all zeros, all ones.
    static let constantPlanes = 2

    var runs: [cforest_run] = []
    /// Two bytes for each plane of the runs: eight times the low and the high four bits of the index of its threshold.
    var conditions: [UInt8] = []
    /// The operations that combine comparisons into the planes of conditions that turn more than once.
    var preparation: Range<Int> = 0..<0
    var segments: [ForestSegment] = []
}

/// Trees that follow each other and are evaluated the same way.
struct ForestSegment: Sendable {
    /// Depth up to which a tree is evaluated as a complete one.
    static let levelLimit = 6

    enum Kind: Equatable {
        /// Complete trees of that many levels.
        case levels(Int)
        case programs
        /// By the reference walk.
        case walk
    }

    let kind: Kind
    let firstTree: Int
    var treeCount: Int
    /// Start in `nodes` of complete trees, in `programs` of programs.
    let first: Int
    /// Start in `leaves` of complete trees.
    let leaves: Int
    /// Start in `values`.
    let values: Int
}

/// The tables for one row at a time: the trees stand in the lanes.
final class RowPlan<Sum: LeafSum>: Sendable {
    /// Bytes of a row's ranks: two a column, then one for each condition that turns more than once.
    static var rankLimit: Int { 256 }

    /// How a tree is evaluated for one row.
    enum Kind: Equatable {
        /// By a leaf code, 64 trees at once: AVX-512. Otherwise like the next.
        case lanes
        /// By a walk through nodes that compare ranks, eight trees at once.
        case ranked
        /// By the reference walk.
        case walk
    }

    /// Trees that follow each other in the order of summation.
    struct Segment: Sendable {
        let kind: Kind
        let firstTree: Int
        var treeCount: Int
    }

    /// A condition whose outcome takes a byte of the ranks, 0 where it goes left.
    struct Turn: Sendable {
        /// Its place among the turns.
        let slot: Int
        var feature: Int
        let boundaries: [Float]
        let startsLeft: Bool
        let missingLeft: Bool
    }

    let groups: [cforest_group]
    let nodes: [UInt8]
    /// Where the leaves of each group start in `values`; a tree has `1 << depth` of them.
    let firstValues: [Int]
    let values: [Sum]
    let turns: [Turn]
    let ranked: RankedTrees<Sum>
    let segments: [Segment]

    init(
        groups: [cforest_group], nodes: [UInt8], firstValues: [Int], values: [Sum], turns: [Turn], ranked: RankedTrees<Sum>,
        segments: [Segment]
    ) {
        self.groups = groups
        self.nodes = nodes
        self.firstValues = firstValues
        self.values = values
        self.turns = turns
        self.ranked = ranked
        self.segments = segments
    }
}
