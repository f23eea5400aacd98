/// A tree as explanations see it: what its splits and leaves are, and how many training rows came through each.
struct TreeOutline: Sendable {
    struct Node: Sendable {
        /// Where the reference trees keep the split.
        let place: Int
        /// −1 for a leaf.
        let feature: Int
        fileprivate(set) var left = -1
        fileprivate(set) var right = -1
        /// Weight of the training rows that came through, > 0; that of a split is the sum of its children's.
        fileprivate(set) var cover: Double
        /// A leaf's value; for a split the mean of its leaves, weighted by their cover.
        fileprivate(set) var mean: Double

        var isLeaf: Bool { feature < 0 }
    }

    enum Content {
        /// `cover`: NaN where the model file does not tell.
        case leaf(value: Double, cover: Float)
        /// Children as places.
        case split(feature: Int, left: Int, right: Int)
    }

    /// The root first, children behind their parents.
    private(set) var nodes: [Node] = []
    private(set) var depth = 0
    private(set) var leafCount = 0

    /// The smallest share of the training rows that a leaf may have: shares are divided by.
    private static let smallestShare = 1e-12

    /// Builds the tree by asking for the content of each place, beginning with `root`.
    ///
    /// Where a leaf has no cover, or next to none, all leaves of the tree weigh the same.
    init(root: Int, content: (Int) -> Content) {
        var (smallest, total) = (Double.infinity, 0.0)
        var waiting = [(place: root, parent: -1, isLeft: false, depth: 0)]
        while let next = waiting.popLast() {
            let index = nodes.count
            if next.parent >= 0 {
                if next.isLeft { nodes[next.parent].left = index } else { nodes[next.parent].right = index }
            }
            switch content(next.place) {
            case .leaf(let value, let cover):
                smallest = min(smallest, Double(cover))
                total += Double(cover)
                nodes.append(Node(place: next.place, feature: -1, cover: Double(cover), mean: value))
                leafCount += 1
                depth = max(depth, next.depth)
            case .split(let feature, let left, let right):
                nodes.append(Node(place: next.place, feature: feature, cover: 0, mean: 0))
                waiting.append((right, index, false, next.depth + 1))
                waiting.append((left, index, true, next.depth + 1))
            }
        }
        // One that is missing, NaN, is in the total.
        let hasCovers = total.isFinite && smallest > 0 && smallest >= total * Self.smallestShare
        for index in nodes.indices.reversed() {
            if nodes[index].isLeaf {
                if !hasCovers { nodes[index].cover = 1 }
            } else {
                let (left, right) = (nodes[nodes[index].left], nodes[nodes[index].right])
                nodes[index].cover = left.cover + right.cover
                nodes[index].mean = left.cover / nodes[index].cover * left.mean + right.cover / nodes[index].cover * right.mean
            }
        }
    }
}
