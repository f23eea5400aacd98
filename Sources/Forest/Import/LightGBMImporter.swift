/// Checks the trees of a LightGBM model and gathers their nodes.
struct LightGBMImporter {
    private(set) var trees: [LightGBMTrees.Tree] = []
    /// For each tree the number of training rows in each of its leaves; empty where the file does not tell.
    private(set) var covers: [[Float]] = []
    private(set) var categorySets = CategorySets()

    private let featureCount: Int
    private var nodeCount = 0
    /// No sum can be further from 0 than this.
    private var largestSum = 0.0

    init(featureCount: Int) {
        self.featureCount = featureCount
    }

    mutating func append(_ section: LightGBMText.Section) throws(ForestError) {
        if section.values["is_linear"] != nil, try section.integer("is_linear", in: 0...1) == 1 {
            throw ForestError(.unsupported, "linear trees are not supported ('is_linear' of '\(section.name)' is 1)")
        }
        let leafCount = try section.integer("num_leaves", in: 1...ImportLimits.leaves)
        nodeCount += 2 * leafCount - 1
        guard nodeCount <= ImportLimits.nodes else {
            throw ForestError(.limitExceeded, "'\(section.name)' brings the model to more than \(ImportLimits.nodes) nodes")
        }
        let leaves = try section.numbers("leaf_value", count: leafCount)
        largestSum += leaves.map(\.magnitude).max() ?? 0
        guard largestSum.isFinite else {
            throw ForestError(.outOfRange, "with the leaves of '\(section.name)' a margin could overflow")
        }
        covers.append(section.values["leaf_count"] == nil ? [] : try section.numbers("leaf_count", count: leafCount).map { Float($0) })
        // A tree of one leaf has no splits, nor their arrays.
        let nodes = leafCount == 1 ? [] : try splits(section, leafCount)
        trees.append(LightGBMTrees.Tree(nodes: nodes, leaves: leaves))
    }

    private mutating func splits(_ section: LightGBMText.Section, _ leafCount: Int) throws(ForestError) -> [LightGBMTrees.Node] {
        let count = leafCount - 1
        let features = try section.integers("split_feature", count: count)
        // Infinite where only missing values go right.
        let thresholds = try section.numbers("threshold", count: count, allowsInfinity: true)
        let types = try section.integers("decision_type", count: count)
        let left = try section.integers("left_child", count: count)
        let right = try section.integers("right_child", count: count)
        try checkShape(section, left, right, leafCount)
        let sets = try categories(section)
        var nodes: [LightGBMTrees.Node] = []
        for index in 0..<count {
            guard features[index] >= 0, features[index] < Int64(featureCount) else {
                throw ForestError(
                    .outOfRange,
                    "node \(index) of '\(section.name)' splits on feature \(features[index]), but there are \(featureCount) features")
            }
            let split = try split(section, index, type: types[index], threshold: thresholds[index], sets)
            nodes.append(
                LightGBMTrees.Node(feature: Int(features[index]), split: split, left: Int(left[index]), right: Int(right[index])))
        }
        return nodes
    }

    /// `decision_type`: bit 0 categorical, bit 1 default left, bits 2 and 3 what is missing.
    private func split(
        _ section: LightGBMText.Section, _ index: Int, type: Int64, threshold: Double, _ sets: Range<Int>
    ) throws(ForestError) -> LightGBMTrees.Node.Split {
        guard (0..<16).contains(type), let missing = LightGBMTrees.Missing(rawValue: Int(type >> 2)) else {
            throw ForestError(.outOfRange, "'decision_type' of node \(index) of '\(section.name)' is \(type)")
        }
        guard type & 1 == 1 else { return .numeric(threshold: threshold, missing, defaultLeft: type & 2 != 0) }
        guard threshold >= 0, threshold < Double(sets.count), threshold.rounded() == threshold else {
            throw ForestError(.outOfRange, "node \(index) of '\(section.name)' has the category set \(threshold) of \(sets.count)")
        }
        return .categorical(set: sets.lowerBound + Int(threshold))
    }

    /// Every split after the first and every leaf is the child of exactly one earlier split.
    private func checkShape(_ section: LightGBMText.Section, _ left: [Int64], _ right: [Int64], _ leafCount: Int) throws(ForestError) {
        var splitDepths = [Int?](repeating: nil, count: leafCount - 1)
        var isLeafReached = [Bool](repeating: false, count: leafCount)
        splitDepths[0] = 0
        for index in left.indices {
            guard let depth = splitDepths[index] else {
                throw ForestError(.invalidTree, "node \(index) of '\(section.name)' cannot be reached")
            }
            guard depth < ImportLimits.leafWiseDepth else {
                throw ForestError(
                    .limitExceeded, "'\(section.name)' is deeper than \(ImportLimits.leafWiseDepth) levels at node \(index)")
            }
            for child in [left[index], right[index]] {
                let isNew: Bool
                if child >= 0 {
                    guard child > Int64(index), child < Int64(leafCount - 1) else {
                        throw ForestError(
                            .invalidTree, "node \(index) of '\(section.name)' has the child \(child), not one after it and in range")
                    }
                    isNew = splitDepths[Int(child)] == nil
                    splitDepths[Int(child)] = depth + 1
                } else {
                    guard ~child < Int64(leafCount) else {
                        throw ForestError(.invalidTree, "node \(index) of '\(section.name)' has the leaf \(~child) of \(leafCount)")
                    }
                    isNew = !isLeafReached[Int(~child)]
                    isLeafReached[Int(~child)] = true
                }
                guard isNew else { throw ForestError(.invalidTree, "child \(child) of '\(section.name)' is reached twice") }
            }
        }
    }

    /// `cat_boundaries` divides the words of `cat_threshold` into sets.
    private mutating func categories(_ section: LightGBMText.Section) throws(ForestError) -> Range<Int> {
        let count = try section.integer("num_cat", in: 0...ImportLimits.leaves)
        guard count > 0 else { return 0..<0 }
        let boundaries = try section.integers("cat_boundaries", count: count + 1)
        guard boundaries.first == 0, let wordCount = boundaries.last, wordCount <= Int64(ImportLimits.categoryWords),
            zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw ForestError(.outOfRange, "'cat_boundaries' of '\(section.name)' do not ascend from 0") }
        let words = try section.integers("cat_threshold", count: Int(wordCount))
        guard categorySets.wordCount + words.count <= ImportLimits.categoryWords else {
            throw ForestError(
                .limitExceeded, "'\(section.name)' brings the category sets to more than \(ImportLimits.categoryWords) words")
        }
        var sets = 0..<0
        for set in 0..<count {
            var bits: [UInt32] = []
            for word in words[Int(boundaries[set])..<Int(boundaries[set + 1])] {
                guard let word = UInt32(exactly: word) else {
                    throw ForestError(.outOfRange, "'cat_threshold' of '\(section.name)' has \(word), not a word of 32 bits")
                }
                bits.append(word)
            }
            guard bits.count <= ImportLimits.categories / 32 else {
                throw ForestError(.limitExceeded, "'cat_threshold' of '\(section.name)' lists categories beyond \(ImportLimits.categories)")
            }
            let index = categorySets.append(words: bits)
            sets = set == 0 ? index..<index + 1 : sets.lowerBound..<index + 1
        }
        return sets
    }
}
