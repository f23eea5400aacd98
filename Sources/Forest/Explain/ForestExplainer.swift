/// Tells how much each feature adds to the margin of a row.
///
/// What the features add and `base`, the mean margin of the training rows, sum up to the row's margin but for rounding. Training rows weigh
/// by their number (LightGBM) or their hessian (XGBoost); in a tree without such numbers all leaves weigh the same. Immutable; any number
/// of threads may use it at once.
package struct ForestExplainer: Sendable {
    /// How a margin is divided among features.
    ///
    /// Raw values are the words of `explanation.method`.
    package enum Method: String, CaseIterable, Sendable {
        /// Exact Shapley values: the path-dependent TreeSHAP (Lundberg, Erion and Lee, 2018); XGBoost's `pred_contribs`.
        case treeSHAP = "tree_shap"
        /// Each split on the row's path gets the change of the mean below it (Saabas, 2014); XGBoost's `approx_contribs`. A thousandth of
        /// the work, but splits near the leaves get more than their share.
        case path
    }

    /// The largest forest that TreeSHAP is computed for: leaves · depth² of all trees, some tenths of a second for a row.
    private static let workLimit = 50_000_000
    /// The deepest tree of such a forest: bounds the stack.
    private static let depthLimit = 64

    /// By the library of the trees.
    private enum Trees: Sendable {
        case xgboost(XGBoostTrees)
        case lightGBM(LightGBMTrees)
    }

    /// What all rows begin with.
    package let base: Double
    /// The method in use: `path` instead of `treeSHAP` where the trees are too deep or too many for it.
    package let method: Method
    private let featureCount: Int
    private let trees: Trees
    private let outlines: [TreeOutline]
    /// For `path`; the trees that do not go into it are walked by their outlines.
    private let paths: TreePaths
    /// The trees that are walked by their outlines.
    private let walked: [Int]
    /// What a leaf counts for in the margin.
    private let scale: Double

    package init(_ forest: Forest, method: Method = .treeSHAP) {
        featureCount = forest.featureCount
        switch forest.engine {
        case .single(let engine):
            trees = .xgboost(engine.trees)
            outlines = Self.outlines(engine.trees, forest.covers)
            scale = 1
        case .double(let engine):
            trees = .lightGBM(engine.trees)
            outlines = Self.outlines(engine.trees, forest.covers)
            scale = engine.trees.margin(ofSum: 1)
        }
        base = outlines.reduce(Double(forest.baseMargin)) { [scale] in $0 + $1.nodes[0].mean * scale }
        let work = outlines.reduce(0) { $0 + $1.leafCount * $1.depth * $1.depth }
        let isAffordable = work <= Self.workLimit && outlines.allSatisfy { $0.depth <= Self.depthLimit }
        self.method = isAffordable ? method : .path
        switch (self.method, trees) {
        case (.treeSHAP, _): (paths, walked) = (TreePaths(), Array(outlines.indices))
        case (.path, .xgboost(let trees)): (paths, walked) = Self.paths(trees, outlines, scale: scale)
        case (.path, .lightGBM(let trees)): (paths, walked) = Self.paths(trees, outlines, scale: scale)
        }
    }

    /// Trees whose splits have one threshold each, and the indices of all others.
    private static func paths(
        _ trees: some ReferenceTrees, _ outlines: [TreeOutline], scale: Double
    ) -> (TreePaths, walked: [Int]) {
        var paths = TreePaths()
        var walked: [Int] = []
        var table = ConditionTable()
        for (index, outline) in outlines.enumerated() {
            // Nodes stand in the order of the outline's: each in pre-order, the left subtree first.
            let tree = trees.decisionTree(index, conditions: &table)
            let isLaidOut = paths.append(outline, scale: scale) { node in
                guard let tree, case .comparison(let comparison) = table.conditions[Int(tree.nodes[node].condition)] else { return nil }
                return (table.comparisons[Int(comparison)].threshold, table.comparisons[Int(comparison)].missingLeft)
            }
            if !isLaidOut { walked.append(index) }
        }
        return (paths, walked)
    }

    private static func outlines(_ trees: some ReferenceTrees, _ covers: [[Float]]) -> [TreeOutline] {
        (0..<trees.treeCount).map { trees.outline(ofTree: $0, covers: covers[$0]) }
    }

    /// What each feature adds to the margin of a row of `featureCount` values.
    package func contributions(to row: Span<Float>) -> [Double] {
        precondition(row.count == featureCount, "a row has as many elements as the forest has features")
        switch trees {
        case .xgboost(let trees): return contributions(to: row, trees)
        case .lightGBM(let trees): return contributions(to: row, trees)
        }
    }

    private func contributions(to row: Span<Float>, _ trees: some ReferenceTrees) -> [Double] {
        // A closure cannot hold a span.
        let values = (0..<row.count).map { row[$0] }
        var contributions = [Double](repeating: 0, count: featureCount)
        paths.add(row, to: &contributions)
        for index in walked {
            let tree = outlines[index]
            func goesLeft(_ node: TreeOutline.Node) -> Bool {
                trees.goesLeft(inTree: index, at: node.place, value: values[node.feature])
            }
            switch method {
            case .treeSHAP: TreeShapley.add(tree, scale: scale, to: &contributions, goesLeft: goesLeft)
            case .path: addPath(tree, to: &contributions, goesLeft: goesLeft)
            }
        }
        return contributions
    }

    private func addPath(_ tree: TreeOutline, to contributions: inout [Double], goesLeft: (TreeOutline.Node) -> Bool) {
        var node = tree.nodes[0]
        while !node.isLeaf {
            let child = tree.nodes[goesLeft(node) ? node.left : node.right]
            contributions[node.feature] += (child.mean - node.mean) * scale
            node = child
        }
    }
}
