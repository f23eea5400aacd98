/// Trees laid out for explanations by path: each split on a row's way gives its feature the change of the mean.
///
/// The steps of a way wait for memory, so several trees are walked side by side.
struct TreePaths: Sendable {
    /// A split, or the end of a way: 16 bytes.
    private struct Node {
        /// `value < threshold` goes left; at the end of a way it does not matter.
        var threshold: Float
        /// What the way to this node adds to the feature of the split before it.
        var change: Float
        /// Index of the feature; the highest bit: a missing value goes left.
        var feature: UInt32
        /// Index of the left child, which the right one follows; the end of a way leads to nodes that change nothing.
        var left: UInt32

        static let missingLeft: UInt32 = 1 << 31
    }

    /// Trees walked side by side: with more, none of which waits for memory, it gets no faster.
    private static let laneCount = 64

    private var nodes = [Node](repeating: Node(threshold: 0, change: 0, feature: 0, left: 0), count: 2)
    private var roots: [UInt32] = []
    /// Splits on the longest way of each group of `laneCount` trees.
    private var depths: [Int] = []

    /// Adds a tree.
    ///
    /// - Parameters:
    ///   - scale: what a leaf counts for in the margin.
    ///   - comparison: the threshold of a split of `outline`, by its index, and where a missing value goes; `nil` where a split is none
    ///     of one threshold.
    /// - Returns: `false`, and nothing is added, for a tree with a split of another kind.
    mutating func append(
        _ outline: TreeOutline, scale: Double, comparison: (Int) -> (threshold: Float, missingLeft: Bool)?
    ) -> Bool {
        let count = nodes.count
        nodes.append(Node(threshold: 0, change: 0, feature: 0, left: 0))
        var waiting = [(source: 0, place: count)]
        while let next = waiting.popLast() {
            let source = outline.nodes[next.source]
            if source.isLeaf { continue }
            guard let (threshold, missingLeft) = comparison(next.source) else {
                nodes.removeSubrange(count...)
                return false
            }
            nodes[next.place].threshold = threshold
            nodes[next.place].feature = UInt32(source.feature) | (missingLeft ? Node.missingLeft : 0)
            nodes[next.place].left = UInt32(nodes.count)
            for child in [source.left, source.right] {
                waiting.append((child, nodes.count))
                let change = (outline.nodes[child].mean - source.mean) * scale
                nodes.append(Node(threshold: 0, change: Float(change), feature: 0, left: 0))
            }
        }
        if roots.count % Self.laneCount == 0 { depths.append(0) }
        depths[depths.count - 1] = max(depths[depths.count - 1], outline.depth)
        roots.append(UInt32(count))
        return true
    }

    /// Adds what the trees give each feature of a row.
    func add(_ row: Span<Float>, to contributions: inout [Double]) {
        let (nodes, roots) = (nodes.span, roots.span)
        var contributions = contributions.mutableSpan
        var places = InlineArray<64, UInt32>(repeating: 0)
        for (group, depth) in depths.enumerated() {
            let first = group * Self.laneCount
            let count = min(Self.laneCount, roots.count - first)
            for lane in 0..<count { places[lane] = roots[first + lane] }
            for _ in 0..<depth {
                for lane in 0..<count {
                    let node = nodes[Int(places[lane])]
                    let feature = Int(node.feature & ~Node.missingLeft)
                    let value = row[feature]
                    // Selected, not branched on: the processor could not predict these branches.
                    let goesLeft = value.isNaN ? node.feature & Node.missingLeft != 0 : value < node.threshold
                    let child = node.left &+ (goesLeft ? 0 : 1)
                    contributions[feature] += Double(nodes[Int(child)].change)
                    places[lane] = child
                }
            }
        }
    }
}
