import Forest

/// A random ensemble of a given shape, and rows that probe it.
struct RandomModel {
    /// What distinguishes the ensembles of a test.
    struct Shape: Sendable {
        var name: String
        var trees: Int
        var depth: Int
        var features = 6
        /// Distinct thresholds of a feature.
        var thresholds = 40
        /// Chance that a node above the last level is a leaf.
        var leafChance = 0.1
        /// Whether one side of every split is a leaf.
        var isSkewed = false
        /// The first features are split by sets of categories.
        var categorical = 0
        /// Categories of such a feature; a third of them is in each set.
        var categories = 80
    }

    let forest: Forest
    private let shape: Shape
    private let thresholds: [[Float]]

    static let extremes: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
        .leastNormalMagnitude / 3,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 16_777_215, 16_777_216, 3e9,
    ]

    init(_ shape: Shape, seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        self.shape = shape
        let thresholds = (0..<shape.features).map { feature in
            (0..<shape.thresholds).map { index in
                switch index % 16 {
                case 13: Float.leastNonzeroMagnitude * Float(Int.random(in: -9...9, using: &generator))
                case 14: Self.extremes[3..<12].randomElement(using: &generator) ?? 0
                // A few whole numbers, so that many rows tie with them.
                case 15: Float(Int.random(in: -3...3, using: &generator))
                default: Float.random(in: -4...4, using: &generator)
                }
            }
        }
        let trees = (0..<shape.trees).map { Self.tree(id: $0, shape, thresholds, using: &generator) }
        var model = TestModel(trees: trees)
        model.parameters = #""num_class":"0","num_feature":"\#(shape.features)","num_target":"1""#
        model.learner = #""feature_names":[],"feature_types":[]"#
        model.baseScore = "\"[0.3]\""
        forest = try model.forest()
        self.thresholds = thresholds
    }

    /// Row-major rows: values on thresholds and one unit in the last place beside them, extremes, numbers, missing values.
    func rows(_ count: Int, missing: Double, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(state: seed)
        return (0..<count * shape.features).map { index in
            let feature = index % shape.features
            if Double.random(in: 0..<1, using: &generator) < missing { return .nan }
            let threshold = thresholds[feature].randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<8, using: &generator) {
            case 0, 1: return threshold
            case 2: return threshold.nextUp
            case 3: return threshold.nextDown
            case 4: return Self.extremes.dropFirst(missing == 0 ? 1 : 0).randomElement(using: &generator) ?? 0
            case 5 where feature < shape.categorical: return Float(Int.random(in: -2..<shape.categories + 10, using: &generator))
            default: return Float.random(in: -5...5, using: &generator)
            }
        }
    }

    // MARK: Trees

    private static func tree(
        id: Int, _ shape: Shape, _ thresholds: [[Float]], using generator: inout SeededGenerator
    ) -> TestTree {
        var nodes = Nodes()
        var waiting = [(node: nodes.add(parent: 2_147_483_647), depth: 0)]
        var next = 0
        while next < waiting.count {
            let (node, depth) = waiting[next]
            next += 1
            if depth >= shape.depth || Double.random(in: 0..<1, using: &generator) < (depth == 0 ? 0.02 : shape.leafChance) {
                nodes.conditions[node] = "\(Float.random(in: -1...1, using: &generator))"
                continue
            }
            let feature = Int.random(in: 0..<shape.features, using: &generator)
            nodes.features[node] = feature
            nodes.defaultLeft[node] = Int.random(in: 0...1, using: &generator)
            if feature < shape.categorical {
                nodes.addCategories(to: node, below: shape.categories, using: &generator)
            } else {
                nodes.conditions[node] = "\(thresholds[feature].randomElement(using: &generator) ?? 0)"
            }
            let left = nodes.add(parent: node)
            let right = nodes.add(parent: node)
            nodes.left[node] = left
            if shape.isSkewed {
                let (deep, leaf) = Bool.random(using: &generator) ? (left, right) : (right, left)
                nodes.conditions[leaf] = "\(Float.random(in: -1...1, using: &generator))"
                waiting.append((deep, depth + 1))
            } else {
                waiting.append((left, depth + 1))
                waiting.append((right, depth + 1))
            }
        }
        return nodes.tree(id: id)
    }
}

/// The arrays of a tree under construction.
private struct Nodes {
    var left: [Int] = []
    var parents: [Int] = []
    var features: [Int] = []
    var conditions: [String] = []
    var defaultLeft: [Int] = []
    private var kinds: [Int] = []
    private var categoryNodes: [Int] = []
    private var sizes: [Int] = []
    private var segments: [Int] = []
    private var categories: [Int] = []

    mutating func add(parent: Int) -> Int {
        left.append(-1)
        parents.append(parent)
        features.append(0)
        conditions.append("0")
        defaultLeft.append(0)
        kinds.append(0)
        return left.count - 1
    }

    mutating func addCategories(to node: Int, below count: Int, using generator: inout SeededGenerator) {
        let listed = (0..<count).filter { _ in Int.random(in: 0..<3, using: &generator) == 0 } + [count]
        kinds[node] = 1
        categoryNodes.append(node)
        sizes.append(listed.count)
        segments.append(categories.count)
        categories += listed
    }

    func tree(id: Int) -> TestTree {
        TestTree(
            id: "\(id)", left: "\(left)", right: "\(left.map { $0 < 0 ? -1 : $0 + 1 })", parents: "\(parents)", features: "\(features)",
            conditions: "[\(conditions.joined(separator: ","))]", defaultLeft: "\(defaultLeft)", nodeCount: "\(left.count)",
            members: #","split_type":\#(kinds),"categories_nodes":\#(categoryNodes),"categories_sizes":\#(sizes),"#
                + #""categories_segments":\#(segments),"categories":\#(categories)"#)
    }
}
