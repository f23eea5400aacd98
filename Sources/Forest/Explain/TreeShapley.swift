/// Exact Shapley values of one tree: the path-dependent TreeSHAP.
///
/// Algorithm 2 of Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles" (arXiv:1802.03888): of all
/// orders in which features could become known, how the tree's expectation changes on average when a feature does; a split on what is
/// not known sends rows on as the training rows went. O(leaves · depth²) for a tree. Depth of recursion: that of the tree.
struct TreeShapley {
    /// One feature of the way to a node.
    private struct Step {
        /// −1 for the beginning.
        var feature: Int
        /// Share of the training rows that go this way while the feature is unknown.
        var unknown: Double
        /// 1 where the row itself goes this way, else 0.
        var known: Double
        /// Of the sets of known features with as many members as steps are before this one: their weight.
        var weight: Double
    }

    private let nodes: [TreeOutline.Node]
    private let goesLeft: (TreeOutline.Node) -> Bool
    private let scale: Double
    /// The ways to the nodes under work, that of a child behind its parent's.
    private var steps: [Step] = []

    /// Adds what each feature adds to the tree's value, times `scale`, to `values`.
    ///
    /// - Parameter goesLeft: where the row goes at a split.
    static func add(
        _ tree: TreeOutline, scale: Double, to values: inout [Double], goesLeft: (TreeOutline.Node) -> Bool
    ) {
        withoutActuallyEscaping(goesLeft) { goesLeft in
            var shapley = TreeShapley(nodes: tree.nodes, goesLeft: goesLeft, scale: scale)
            shapley.descend(to: 0, from: 0, Step(feature: -1, unknown: 1, known: 1, weight: 0), &values)
        }
    }

    private init(nodes: [TreeOutline.Node], goesLeft: @escaping (TreeOutline.Node) -> Bool, scale: Double) {
        self.nodes = nodes
        self.goesLeft = goesLeft
        self.scale = scale
    }

    /// - Parameters:
    ///   - start: where the parent's way begins in `steps`; it ends with them.
    ///   - step: the last one of the way to the node.
    private mutating func descend(to index: Int, from start: Int, _ step: Step, _ values: inout [Double]) {
        let node = nodes[index]
        let own = steps.count
        for place in start..<own { steps.append(steps[place]) }
        extend(by: step, from: own)
        if node.isLeaf {
            for place in own + 1..<steps.count {
                let step = steps[place]
                values[step.feature] += weightWithout(place, from: own) * (step.known - step.unknown) * node.mean * scale
            }
        } else {
            var (unknown, known) = (1.0, 1.0)
            // A feature counts once: a further split on it narrows the step that is there.
            if let place = (own + 1..<steps.count).first(where: { steps[$0].feature == node.feature }) {
                (unknown, known) = (steps[place].unknown, steps[place].known)
                remove(place, from: own)
            }
            let isLeft = goesLeft(node)
            for (child, isTaken) in [(node.left, isLeft), (node.right, !isLeft)] {
                let share = nodes[child].cover / node.cover
                descend(
                    to: child, from: own, Step(feature: node.feature, unknown: share * unknown, known: isTaken ? known : 0, weight: 0),
                    &values)
            }
        }
        steps.removeLast(steps.count - own)
    }

    private mutating func extend(by step: Step, from start: Int) {
        let depth = steps.count - start
        steps.append(step)
        steps[steps.count - 1].weight = depth == 0 ? 1 : 0
        for place in stride(from: depth - 1, through: 0, by: -1) {
            let weight = steps[start + place].weight
            steps[start + place + 1].weight += step.known * weight * Double(place + 1) / Double(depth + 1)
            steps[start + place].weight = step.unknown * weight * Double(depth - place) / Double(depth + 1)
        }
    }

    /// Takes a step out as if it had never been added.
    private mutating func remove(_ index: Int, from start: Int) {
        let depth = steps.count - start - 1
        let (known, unknown) = (steps[index].known, steps[index].unknown)
        var next = steps[start + depth].weight
        for place in stride(from: depth - 1, through: 0, by: -1) {
            let weight = steps[start + place].weight
            if known != 0 {
                steps[start + place].weight = next * Double(depth + 1) / (Double(place + 1) * known)
                next = weight - steps[start + place].weight * unknown * Double(depth - place) / Double(depth + 1)
            } else {
                steps[start + place].weight = weight * Double(depth + 1) / (unknown * Double(depth - place))
            }
        }
        for place in index..<start + depth {
            let weight = steps[place].weight
            steps[place] = steps[place + 1]
            steps[place].weight = weight
        }
        steps.removeLast()
    }

    /// The sum of all weights that `remove` would leave.
    private func weightWithout(_ index: Int, from start: Int) -> Double {
        let depth = steps.count - start - 1
        let (known, unknown) = (steps[index].known, steps[index].unknown)
        var next = steps[start + depth].weight
        var total = 0.0
        for place in stride(from: depth - 1, through: 0, by: -1) {
            if known != 0 {
                let weight = next * Double(depth + 1) / (Double(place + 1) * known)
                total += weight
                next = steps[start + place].weight - weight * unknown * Double(depth - place) / Double(depth + 1)
            } else {
                total += steps[start + place].weight * Double(depth + 1) / (unknown * Double(depth - place))
            }
        }
        return total
    }
}
