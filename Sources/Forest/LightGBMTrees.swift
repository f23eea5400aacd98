/// The trees of a LightGBM model and the reference walk over them, in double precision.
struct LightGBMTrees: ReferenceTrees {
    /// What a missing value is, by node.
    enum Missing: Int {
        /// Nothing: NaN counts as 0.
        case none
        /// NaN, and every value that counts as 0.
        case zero
        case nan
    }

    struct Node {
        enum Split {
            /// `value <= threshold` goes left.
            case numeric(threshold: Double, Missing, defaultLeft: Bool)
            /// The categories of the set go left.
            case categorical(set: Int)
        }

        let feature: Int
        let split: Split
        /// Index of the tree's split, or `~` index of its leaf.
        let left: Int
        let right: Int
    }

    struct Tree {
        let nodes: [Node]
        let leaves: [Double]
    }

    let base = 0.0
    private let trees: [Tree]
    private let categorySets: CategorySets
    private let isAverage: Bool

    /// What counts as 0: `kZeroThreshold`, which prediction does not tell from 0.
    static let zeroLimit: Float = 1e-35

    init(_ trees: [Tree], _ categorySets: CategorySets, isAverage: Bool) {
        self.trees = trees
        self.categorySets = categorySets
        self.isAverage = isAverage
    }

    var treeCount: Int { trees.count }

    func margin(ofSum sum: Double) -> Double { isAverage ? sum / Double(trees.count) : sum }

    func leafValue(inTree tree: Int, of rows: Span<Float>, at offset: Int) -> Double {
        let tree = trees[tree]
        var index = tree.nodes.isEmpty ? ~0 : 0
        while index >= 0 {
            let node = tree.nodes[index]
            index = goesLeft(at: node, value: rows[offset + node.feature]) ? node.left : node.right
        }
        return tree.leaves[~index]
    }

    private func goesLeft(at node: Node, value: Float) -> Bool {
        switch node.split {
        case .numeric(let threshold, let missing, let defaultLeft):
            if missing == .nan, value.isNaN { return defaultLeft }
            let number = value.isNaN || value.magnitude <= Self.zeroLimit ? 0 : Double(value)
            if missing == .zero, number == 0 { return defaultLeft }
            return number <= threshold
        case .categorical(let set):
            // The fraction is cut off: what is above −1 is category 0.
            return value > -1 && categorySets.contains(max(value, 0), inSet: set)
        }
    }

    // MARK: Explaining

    func goesLeft(inTree tree: Int, at place: Int, value: Float) -> Bool { goesLeft(at: trees[tree].nodes[place], value: value) }

    func outline(ofTree tree: Int, covers: [Float]) -> TreeOutline {
        let tree = trees[tree]
        return TreeOutline(root: tree.nodes.isEmpty ? ~0 : 0) { place in
            if place < 0 { return .leaf(value: tree.leaves[~place], cover: covers.isEmpty ? .nan : covers[~place]) }
            let node = tree.nodes[place]
            return .split(feature: node.feature, left: node.left, right: node.right)
        }
    }

    // MARK: Planning

    func decisionTree(_ tree: Int, conditions: inout ConditionTable) -> DecisionTree<Double>? {
        let tree = trees[tree]
        return DecisionTree(root: tree.nodes.isEmpty ? ~0 : 0) { index in
            if index < 0 { return .leaf(tree.leaves[~index]) }
            let node = tree.nodes[index]
            guard let condition = condition(of: node, in: &conditions) else { return nil }
            return .split(condition: condition, left: node.left, right: node.right)
        }
    }

    private func condition(of node: Node, in conditions: inout ConditionTable) -> Int32? {
        switch node.split {
        case .numeric(let threshold, let missing, let defaultLeft):
            let missingLeft = missing == .none ? threshold >= 0 : defaultLeft
            if missing == .zero { return zeroMissing(node.feature, threshold, defaultLeft, in: &conditions) }
            guard let bound = Self.bound(threshold) else {
                return conditions.turning(feature: node.feature, at: [], startsLeft: true, missingLeft: missingLeft)
            }
            return conditions.less(feature: node.feature, threshold: bound, missingLeft: missingLeft)
        case .categorical(let set):
            guard var boundaries = categorySets.boundaries(ofSet: set, limit: ConditionTable.turnLimit) else { return nil }
            if boundaries.first == 0 { boundaries[0] = (-1 as Float).nextUp }
            return conditions.turning(feature: node.feature, at: boundaries, startsLeft: false, missingLeft: false)
        }
    }

    /// The smallest float that does not go left: `value <= threshold`, what counts as 0 being 0, is `value < bound`; `nil` if there is none.
    private static func bound(_ threshold: Double) -> Float? {
        if threshold == .infinity { return nil }
        if threshold.magnitude <= Double(zeroLimit) { return threshold >= 0 ? zeroLimit.nextUp : -zeroLimit }
        let nearest = Float(threshold)
        return (Double(nearest) > threshold ? nearest.nextDown : nearest).nextUp
    }

    /// A split whose missing values include what counts as 0: up to three turns.
    private func zeroMissing(
        _ feature: Int, _ threshold: Double, _ defaultLeft: Bool, in conditions: inout ConditionTable
    ) -> Int32? {
        let (zero, beyondZero) = (-Self.zeroLimit, Self.zeroLimit.nextUp)
        let bound = Self.bound(threshold)
        var places: Set = [zero, beyondZero]
        if let bound { places.insert(bound) }
        var boundaries: [Float] = []
        var isLeft = true
        for place in places.sorted() {
            let outcome = place >= zero && place < beyondZero ? defaultLeft : bound.map { place < $0 } ?? true
            if outcome != isLeft { boundaries.append(place) }
            isLeft = outcome
        }
        if boundaries.count == 1 { return conditions.less(feature: feature, threshold: boundaries[0], missingLeft: defaultLeft) }
        return conditions.turning(feature: feature, at: boundaries, startsLeft: true, missingLeft: defaultLeft)
    }
}
