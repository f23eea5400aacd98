/// The arrays of one XGBoost tree, their sizes checked against each other and their categories against the splits.
struct TreeArrays {
    /// `learner.gradient_booster.model.trees[3]`.
    let path: String
    /// Number of nodes, deleted ones included: the length of every array.
    let count: Int
    let deletedCount: Int
    /// −1 marks a leaf.
    let left: [Int64]
    let right: [Int64]
    let parents: [Int64]
    let feature: [Int64]
    /// The threshold of a split, the value of a leaf.
    let condition: [Float]
    /// 0 or 1.
    let defaultLeft: [Int64]
    /// The weight of the training rows that came through each node; empty where the file does not tell.
    let covers: [Float]
    /// The categories that go right, by node; only of categorical splits.
    let categories: [Int: ArraySlice<Int64>]

    init(_ tree: ModelObject) throws(ForestError) {
        path = tree.path
        let parameters = try tree.object("tree_param")
        count = try parameters.parameter("num_nodes", in: 1...ImportLimits.nodes)
        deletedCount = try parameters.parameter("num_deleted", in: 0...count - 1)
        let leafSize = try parameters.parameter("size_leaf_vector", in: 0...Int(Int32.max))
        guard leafSize <= 1 else {
            throw ForestError(
                .unsupported, "vector leaves are not supported ('\(parameters.path(of: "size_leaf_vector"))' is \(leafSize))")
        }
        left = try tree.integers("left_children", count: count)
        right = try tree.integers("right_children", count: count)
        parents = try tree.integers("parents", count: count)
        feature = try tree.integers("split_indices", count: count)
        condition = try tree.numbers("split_conditions", count: count)
        defaultLeft = try Self.flags(tree, "default_left", count)
        covers = tree.contains("sum_hessian") ? try tree.numbers("sum_hessian", count: count) : []
        for key in ["loss_changes", "base_weights"] where tree.contains(key) {
            _ = try tree.numbers(key, count: count)
        }
        categories = try Self.categories(tree, count)
    }

    private static func flags(_ tree: ModelObject, _ key: String, _ count: Int) throws(ForestError) -> [Int64] {
        let flags = try tree.integers(key, count: count)
        if let index = flags.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            throw ForestError(.outOfRange, "'\(tree.path(of: key))[\(index)]' is \(flags[index]), neither 0 nor 1")
        }
        return flags
    }

    // MARK: Categories

    /// `categories_nodes` lists the categorical nodes; the `sizes[i]` categories from `segments[i]` on in `categories` are those of node i.
    private static func categories(_ tree: ModelObject, _ count: Int) throws(ForestError) -> [Int: ArraySlice<Int64>] {
        guard tree.contains("split_type") else { return [:] }
        let isCategorical = try flags(tree, "split_type", count)
        let nodes = try tree.integers("categories_nodes")
        let sizes = try tree.integers("categories_sizes", count: nodes.count)
        let segments = try tree.integers("categories_segments", count: nodes.count)
        let categories = try tree.integers("categories")
        if let index = categories.firstIndex(where: { $0 < 0 || $0 >= Int64(ImportLimits.categories) }) {
            throw ForestError(
                .outOfRange,
                "'\(tree.path(of: "categories"))[\(index)]' is \(categories[index]), not from 0 to \(ImportLimits.categories - 1)")
        }
        var byNode: [Int: ArraySlice<Int64>] = [:]
        for (index, node) in nodes.enumerated() {
            guard node >= 0, node < Int64(count), isCategorical[Int(node)] == 1 else {
                throw ForestError(.invalidTree, "'\(tree.path(of: "categories_nodes"))' lists \(node), which is no categorical split")
            }
            let (start, size) = (segments[index], sizes[index])
            guard start >= 0, size > 0, size <= Int64(categories.count), start <= Int64(categories.count) - size else {
                throw ForestError(
                    .outOfRange, "the categories of node \(node) of '\(tree.path)' are \(size) from \(start) on, of \(categories.count)")
            }
            guard byNode.updateValue(categories[Int(start)..<Int(start + size)], forKey: Int(node)) == nil else {
                throw ForestError(.invalidTree, "'\(tree.path(of: "categories_nodes"))' lists \(node) twice")
            }
        }
        if let node = isCategorical.indices.first(where: { isCategorical[$0] == 1 && byNode[$0] == nil }) {
            throw ForestError(.invalidTree, "node \(node) of '\(tree.path)' is a categorical split without categories")
        }
        return byNode
    }
}
