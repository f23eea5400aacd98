/// A trained ensemble of decision trees with one output: what a model file says, checked, and the reference walk over it.
///
/// The reference walk defines what a model predicts: its margins equal those of the library that wrote the model to the last bit.
package struct Forest: Sendable {
    /// Length of a row.
    package let featureCount: Int
    package let treeCount: Int
    /// Names of the features in row order; empty where the model has none.
    package let featureNames: [String]
    package let objective: Objective
    /// What every sum starts from.
    package let baseMargin: Float

    /// Nodes of all trees, each tree in one run.
    let nodes: [TreeNode]
    /// Index of each tree's root in `nodes`, in the order of summation.
    let roots: [Int]
    let categorySets: CategorySets

    /// Rows that walk through one tree before the next: enough to keep a tree in the nearest cache, few enough for their own data.
    private static let blockRows = 64

    /// Reads an XGBoost model (1.7 to 3.x), JSON or UBJSON, told apart by its first bytes.
    ///
    /// Nothing in the file is trusted: after this, no row can lead the walk outside the nodes or keep it from ending.
    package init(xgboost bytes: [UInt8]) throws(ForestError) {
        let model = try XGBoostModel(bytes)
        var importer = TreeImporter(featureCount: model.featureCount, baseMargin: model.baseMargin)
        for (index, tree) in model.trees.enumerated() {
            try importer.append(tree, weight: model.weights.isEmpty ? nil : model.weights[index])
        }
        featureCount = model.featureCount
        treeCount = model.trees.count
        featureNames = model.featureNames
        objective = model.objective
        baseMargin = model.baseMargin
        nodes = importer.nodes
        roots = importer.roots
        categorySets = importer.categorySets
    }

    /// Computes the margin of each row: the base margin, then the leaves added in tree order, in single precision.
    ///
    /// `rows` is row-major with `margins.count * featureCount` values; NaN is missing. Allocates nothing.
    package func margins(of rows: Span<Float>, into margins: inout MutableSpan<Float>) {
        precondition(rows.count == margins.count * featureCount, "rows and margins do not match")
        let nodes = nodes.span
        var start = 0
        while start < margins.count {
            let end = min(start + Self.blockRows, margins.count)
            for row in start..<end { margins[row] = baseMargin }
            for root in roots {
                for row in start..<end {
                    margins[row] += leafValue(from: root, of: rows, at: row * featureCount, in: nodes)
                }
            }
            start = end
        }
    }

    /// What XGBoost predicts from a margin: a probability where `objective.isProbability`, else the margin itself.
    package func probability(margin: Float) -> Float {
        objective.prediction(margin: margin)
    }

    /// Walks one row, which starts at `rows[offset]`, through one tree.
    @inline(__always)
    private func leafValue(from root: Int, of rows: Span<Float>, at offset: Int, in nodes: Span<TreeNode>) -> Float {
        var node = nodes[root]
        while !node.isLeaf {
            let value = rows[offset + node.feature]
            let goesLeft: Bool
            if value.isNaN {
                goesLeft = node.defaultLeft
            } else if node.isCategorical {
                goesLeft = !categorySets.contains(value, inSet: node.categorySet)
            } else {
                goesLeft = value < node.threshold
            }
            node = nodes[goesLeft ? node.leftChild : node.rightChild]
        }
        return node.leafValue
    }
}
