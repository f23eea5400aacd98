/// A tree as the planner sees it: nodes in pre-order, the left subtree first, so that leaves stand in their order from left to right.
struct DecisionTree<Sum: LeafSum> {
    struct Node {
        /// Index in the condition table; −1 for a leaf.
        var condition: Int32
        var left: Int32 = -1
        var right: Int32 = -1
        var value: Sum = 0

        var isLeaf: Bool { condition < 0 }
    }

    private(set) var nodes: [Node] = []
    private(set) var depth = 0
    private(set) var leafCount = 0

    /// Builds the tree by asking for the content of each node, beginning with `root`.
    ///
    /// - Parameter content: a leaf's value, or a split's condition and its children; `nil` = the tree cannot be planned.
    init?<Source>(root: Source, content: (Source) -> Content<Source>?) {
        var waiting = [(source: root, parent: -1, isLeft: false, depth: 0)]
        while let next = waiting.popLast() {
            guard let content = content(next.source) else { return nil }
            let index = Int32(nodes.count)
            if next.parent >= 0 {
                if next.isLeft { nodes[next.parent].left = index } else { nodes[next.parent].right = index }
            }
            switch content {
            case .leaf(let value):
                nodes.append(Node(condition: -1, value: value))
                leafCount += 1
                depth = max(depth, next.depth)
            case .split(let condition, let left, let right):
                nodes.append(Node(condition: condition))
                waiting.append((right, Int(index), false, next.depth + 1))
                waiting.append((left, Int(index), true, next.depth + 1))
            }
        }
    }

    enum Content<Source> {
        case leaf(Sum)
        case split(condition: Int32, left: Source, right: Source)
    }

    /// Calls `body` for each node of the complete tree of `levels` levels that begins with this one's root.
    ///
    /// - Parameters:
    ///   - split: level, position in the level from the left, condition.
    ///   - leaf: level, position in the level, value; it stands for all positions under it.
    func layOut(split: (Int, Int, Int) -> Void, leaf: (Int, Int, Sum) -> Void) {
        var waiting = [(node: 0, level: 0, position: 0)]
        while let next = waiting.popLast() {
            let node = nodes[next.node]
            if node.isLeaf {
                leaf(next.level, next.position, node.value)
            } else {
                split(next.level, next.position, Int(node.condition))
                waiting.append((Int(node.right), next.level + 1, 2 * next.position + 1))
                waiting.append((Int(node.left), next.level + 1, 2 * next.position))
            }
        }
    }

    /// The leaf values of a complete tree of `levels` levels, by leaf code: a 1 for each time the path goes left, the root first.
    func completeLeaves(levels: Int) -> [Sum] {
        var values = [Sum](repeating: 0, count: 1 << levels)
        layOut(
            split: { _, _, _ in },
            leaf: { level, position, value in
                let span = 1 << (levels - level)
                for place in position * span..<(position + 1) * span { values[values.count - 1 - place] = value }
            })
        return values
    }
}
