internal import CForest

/// The distinct thresholds of all features as columns of at most 255, with their search tables.
struct ColumnTable {
    private(set) var columns: [cforest_column] = []
    private(set) var tables: [Float] = []
    /// Column of each comparison.
    private(set) var columnOf: [Int]
    /// Index of each comparison's threshold in its column: it holds where the rank is at most that.
    private(set) var thresholdOf: [UInt8]

    private static let columnLimit = CFOREST_COLUMN_THRESHOLDS

    init(_ comparisons: [Comparison]) {
        columnOf = Array(repeating: 0, count: comparisons.count)
        thresholdOf = Array(repeating: 0, count: comparisons.count)
        let keys = comparisons.indices.map { (key: comparisons[$0].order, index: $0) }.sorted { $0.key < $1.key }
        var feature: UInt32?
        var thresholds: [Float] = []
        for (_, index) in keys {
            let comparison = comparisons[index]
            let isNew = comparison.threshold != thresholds.last
            if comparison.feature != feature || (isNew && thresholds.count == Self.columnLimit) {
                if let feature { append(feature, thresholds) }
                feature = comparison.feature
                thresholds = [comparison.threshold]
            } else if isNew {
                thresholds.append(comparison.threshold)
            }
            columnOf[index] = columns.count
            thresholdOf[index] = UInt8(thresholds.count - 1)
        }
        if let feature { append(feature, thresholds) }
    }

    private mutating func append(_ feature: UInt32, _ thresholds: [Float]) {
        // The fewest steps that tell `count + 1` ranks apart.
        let levels = Int.bitWidth - thresholds.count.leadingZeroBitCount
        let tree = tables.count
        tables.append(contentsOf: Self.searchTree(thresholds, levels: levels))
        columns.append(
            cforest_column(
                feature: feature, slot: UInt32(columns.count), levels: UInt32(levels), tree: UInt32(tree), sorted: UInt32(tables.count)))
        tables.append(contentsOf: Self.sixteens(thresholds, levels: levels))
    }

    /// The complete search tree, root at 1; NaN, which nothing reaches, in the place of missing thresholds.
    private static func searchTree(_ thresholds: [Float], levels: Int) -> [Float] {
        var tree = [Float](repeating: .nan, count: max(16, 1 << levels))
        for level in 0..<levels {
            for position in 0..<1 << level {
                let place = (2 * position + 1) << (levels - level - 1) - 1
                if place < thresholds.count { tree[1 << level + position] = thresholds[place] }
            }
        }
        return tree
    }

    /// The thresholds in sixteens, after the last ones of each sixteen where there are more than fifteen.
    private static func sixteens(_ thresholds: [Float], levels: Int) -> [Float] {
        let count = (thresholds.count / 16 + 1) * 16
        let padded = thresholds + Array(repeating: .nan, count: count - thresholds.count)
        guard levels > 4 else { return padded }
        let lasts = (0..<16).map { 16 * $0 + 15 < thresholds.count ? thresholds[16 * $0 + 15] : .nan }
        return lasts + padded
    }
}
