/// The trees of an XGBoost model and the reference walk over them.
struct XGBoostTrees: ReferenceTrees {
    /// The base margin.
    let base: Float
    /// Nodes of all trees, each tree in one run.
    private let nodes: [TreeNode]
    /// Index of each tree's root in `nodes`, in the order of summation.
    private let roots: [Int]
    private let categorySets: CategorySets

    init(_ importer: TreeImporter, baseMargin: Float) {
        base = baseMargin
        nodes = importer.nodes
        roots = importer.roots
        categorySets = importer.categorySets
    }

    var treeCount: Int { roots.count }

    func margin(ofSum sum: Float) -> Float { sum }

    @inline(__always)
    func leafValue(inTree tree: Int, of rows: Span<Float>, at offset: Int) -> Float {
        let nodes = nodes.span
        var node = nodes[roots[tree]]
        while !node.isLeaf {
            node = nodes[node.leftChild + (goesLeft(at: node, value: rows[offset + node.feature]) ? 0 : 1)]
        }
        return node.leafValue
    }

    @inline(__always)
    private func goesLeft(at node: TreeNode, value: Float) -> Bool {
        // Selected, not branched on: the processor could not predict these branches.
        var goesLeft = value.isNaN ? node.defaultLeft : value < node.threshold
        if node.isCategorical, !value.isNaN { goesLeft = !categorySets.contains(value, inSet: node.categorySet) }
        return goesLeft
    }

    // MARK: Explaining

    func goesLeft(inTree tree: Int, at place: Int, value: Float) -> Bool { goesLeft(at: nodes[place], value: value) }

    func outline(ofTree tree: Int, covers: [Float]) -> TreeOutline {
        let root = roots[tree]
        return TreeOutline(root: root) { place in
            let node = nodes[place]
            if node.isLeaf { return .leaf(value: Double(node.leafValue), cover: covers.isEmpty ? .nan : covers[place - root]) }
            return .split(feature: node.feature, left: node.leftChild, right: node.leftChild + 1)
        }
    }

    // MARK: Planning

    func decisionTree(_ tree: Int, conditions: inout ConditionTable) -> DecisionTree<Float>? {
        DecisionTree(root: roots[tree]) { index in
            let node = nodes[index]
            if node.isLeaf { return .leaf(node.leafValue) }
            guard let condition = condition(of: node, in: &conditions) else { return nil }
            return .split(condition: condition, left: node.leftChild, right: node.leftChild + 1)
        }
    }

    private func condition(of node: TreeNode, in conditions: inout ConditionTable) -> Int32? {
        guard node.isCategorical else {
            return conditions.less(feature: node.feature, threshold: node.threshold, missingLeft: node.defaultLeft)
        }
        guard let boundaries = categorySets.boundaries(ofSet: node.categorySet, limit: ConditionTable.turnLimit) else { return nil }
        return conditions.turning(feature: node.feature, at: boundaries, startsLeft: true, missingLeft: node.defaultLeft)
    }
}
