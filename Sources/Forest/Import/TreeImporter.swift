/// Checks trees and gathers their nodes.
struct TreeImporter {
    private(set) var nodes: [TreeNode] = []
    private(set) var roots: [Int] = []
    /// For each tree the weight of the training rows that came through each of its nodes; empty where the file does not tell.
    private(set) var covers: [[Float]] = []
    private(set) var categorySets = CategorySets()

    private let featureCount: Int
    /// No margin can be further from 0 than this.
    private var largestMargin: Double

    /// How the pruner marks a node that it took out of the tree and left in the arrays.
    private static let deletedFeature: Int64 = 0x7FFF_FFFF

    init(featureCount: Int, baseMargin: Float) {
        self.featureCount = featureCount
        largestMargin = Double(baseMargin.magnitude)
    }

    /// Adds a tree; its leaves are multiplied by `weight`, where there is one, as DART does it: in single precision, before they are added.
    mutating func append(_ object: ModelObject, weight: Float?) throws(ForestError) {
        let tree = try TreeArrays(object)
        guard nodes.count + tree.count <= ImportLimits.nodes else {
            throw ForestError(.limitExceeded, "'\(tree.path)' brings the model to more than \(ImportLimits.nodes) nodes")
        }
        let first = nodes.count
        var largestLeaf: Float = 0
        var depths = [Int?](repeating: nil, count: tree.count)
        depths[0] = 0
        var deletedCount = 0
        for index in 0..<tree.count {
            guard let depth = depths[index] else {
                // Children come after their parents, so nothing further on can reach this node.
                try requireDeleted(index, of: tree)
                deletedCount += 1
                nodes.append(.leaf(value: 0))
                continue
            }
            if tree.left[index] == -1 {
                let value = try leafValue(index, of: tree, weight: weight)
                largestLeaf = max(largestLeaf, value.magnitude)
                nodes.append(.leaf(value: value))
            } else {
                try descend(from: index, at: depth, of: tree, &depths)
                nodes.append(try split(index, of: tree, first: first))
            }
        }
        guard deletedCount == tree.deletedCount else {
            throw ForestError(.invalidTree, "'\(tree.path)' has \(deletedCount) deleted nodes, but says \(tree.deletedCount)")
        }
        roots.append(first)
        covers.append(tree.covers)
        largestMargin += Double(largestLeaf)
        guard largestMargin < Double(Float.greatestFiniteMagnitude) else {
            throw ForestError(.outOfRange, "with the leaves of '\(tree.path)' a margin could overflow")
        }
    }

    /// Enters the two children of a split into `depths`.
    private func descend(from index: Int, at depth: Int, of tree: TreeArrays, _ depths: inout [Int?]) throws(ForestError) {
        let left = tree.left[index]
        guard left > Int64(index), left < Int64(tree.count) - 1 else {
            throw ForestError(.invalidTree, "node \(index) of '\(tree.path)' has the left child \(left), not one after it and in range")
        }
        guard tree.right[index] == left + 1 else {
            throw ForestError(
                .invalidTree, "node \(index) of '\(tree.path)' has the children \(left) and \(tree.right[index]), not two neighbours")
        }
        guard depth < ImportLimits.depth else {
            throw ForestError(.limitExceeded, "'\(tree.path)' is deeper than \(ImportLimits.depth) levels at node \(index)")
        }
        for child in [Int(left), Int(left) + 1] {
            guard depths[child] == nil else {
                throw ForestError(.invalidTree, "node \(child) of '\(tree.path)' is reached twice")
            }
            guard tree.parents[child] == Int64(index) else {
                throw ForestError(.invalidTree, "node \(child) of '\(tree.path)' names the parent \(tree.parents[child]), not \(index)")
            }
            depths[child] = depth + 1
        }
    }

    private func requireDeleted(_ index: Int, of tree: TreeArrays) throws(ForestError) {
        guard tree.feature[index] == Self.deletedFeature, tree.left[index] == -1 else {
            throw ForestError(.invalidTree, "node \(index) of '\(tree.path)' cannot be reached")
        }
    }

    private func leafValue(_ index: Int, of tree: TreeArrays, weight: Float?) throws(ForestError) -> Float {
        guard tree.right[index] == -1 else {
            throw ForestError(.invalidTree, "node \(index) of '\(tree.path)' has a right child, but no left one")
        }
        let leaf = tree.condition[index]
        // DART adds a tree's prediction to zero before it multiplies, which turns a negative zero into a positive one.
        let value = weight.map { (0 + leaf) * $0 } ?? leaf
        guard value.isFinite else { throw ForestError(.outOfRange, "the leaf at node \(index) of '\(tree.path)' is not finite") }
        return value
    }

    private mutating func split(_ index: Int, of tree: TreeArrays, first: Int) throws(ForestError) -> TreeNode {
        let feature = tree.feature[index]
        guard feature >= 0, feature < Int64(featureCount) else {
            throw ForestError(
                .outOfRange, "node \(index) of '\(tree.path)' splits on feature \(feature), but there are \(featureCount) features")
        }
        let defaultLeft = tree.defaultLeft[index] == 1
        let left = first + Int(tree.left[index])
        if let categories = tree.categories[index] {
            let words = Int(categories.max() ?? 0) / 32 + 1
            guard categorySets.wordCount + words <= ImportLimits.categoryWords else {
                throw ForestError(
                    .limitExceeded, "'\(tree.path)' brings the category sets to more than \(ImportLimits.categoryWords) words")
            }
            return .split(feature: Int(feature), categorySet: categorySets.append(categories), defaultLeft: defaultLeft, left: left)
        }
        guard tree.condition[index].isFinite else {
            throw ForestError(.outOfRange, "the threshold at node \(index) of '\(tree.path)' is not finite")
        }
        return .split(feature: Int(feature), threshold: tree.condition[index], defaultLeft: defaultLeft, left: left)
    }
}
