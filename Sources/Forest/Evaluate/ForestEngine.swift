/// A forest ready to compute: the trees, whose walk defines the margins, and their plan for the fast paths.
final class ForestEngine<Trees: ReferenceTrees>: Sendable {
    typealias Sum = Trees.Sum

    let trees: Trees
    let featureCount: Int
    /// `nil` where only the walk serves this forest.
    let plan: ForestPlan<Sum>?

    /// Rows from which on a block is faster than one row at a time: measured (`herald-bench forest`) with 300 trees of depth 6, and with 300
    /// trees of 31 and 63 leaves, which hardly differ.
    static func crossover(_ path: ForestPath) -> Int {
        switch path {
        case .avx512: 28
        case .avx2: 28
        case .portable, .reference: 72
        }
    }

    /// Rows that walk through one tree before the next: enough to keep a tree in the nearest cache, few enough for their own data.
    private static var walkRows: Int { 64 }

    init(_ trees: Trees, featureCount: Int) {
        self.trees = trees
        self.featureCount = featureCount
        var conditions = ConditionTable()
        let decisionTrees = (0..<trees.treeCount).map { trees.decisionTree($0, conditions: &conditions) }
        plan = PlanBuilder.plan(decisionTrees, conditions)
    }

    /// Computes the margins of row-major rows, each rounded to `Margin` once.
    func margins<Margin: BinaryFloatingPoint>(
        of rows: Span<Float>, into margins: inout MutableSpan<Margin>, path: ForestPath, batching: ForestBatching
    ) {
        precondition(rows.count == margins.count * featureCount, "rows and margins do not match")
        var start = 0
        while start < margins.count {
            let rest = margins.count - start
            let isSingle = batching == .rows || (batching == .automatic && rest < Self.crossover(path))
            let count = min(rest, path == .reference ? Self.walkRows : isSingle ? 1 : ForestPlan<Sum>.blockRows)
            let isDone =
                path != .reference
                && (isSingle
                    ? unsafe addRow(rows, start, into: &margins, path)
                    : unsafe addBlock(rows, start..<start + count, into: &margins, path))
            if !isDone { walk(rows, start..<start + count, into: &margins) }
            start += count
        }
    }

    // MARK: Walk

    private func walk<Margin: BinaryFloatingPoint>(_ rows: Span<Float>, _ range: Range<Int>, into margins: inout MutableSpan<Margin>) {
        // The sums of a whole block would need memory of their own where `Margin` is not `Sum`; then rows go one by one.
        if Margin.self == Sum.self {
            let base = Margin(trees.base)
            for row in range { margins[row] = base }
            for tree in 0..<trees.treeCount {
                for row in range { margins[row] += Margin(trees.leafValue(inTree: tree, of: rows, at: row * featureCount)) }
            }
            for row in range { margins[row] = Margin(trees.margin(ofSum: Sum(margins[row]))) }
        } else {
            for row in range { margins[row] = Margin(walk(rows.extracting(row * featureCount..<(row + 1) * featureCount))) }
        }
    }

    /// The margin of one row.
    func walk(_ row: Span<Float>) -> Sum {
        var sum = trees.base
        for tree in 0..<trees.treeCount { sum += trees.leafValue(inTree: tree, of: row, at: 0) }
        return trees.margin(ofSum: sum)
    }
}
