internal import CForest

extension RowPlan {
    /// `nil` where a row has more ranks than the registers hold: a walk is used instead.
    convenience init?(_ trees: [DecisionTree<Sum>?], _ table: ConditionTable, _ columns: ColumnTable) {
        var slots = RowSlots<Sum>(table, columns)
        var segments: [Segment] = []
        var coded: [DecisionTree<Sum>] = []
        var ranked = RankedTrees<Sum>()
        for (index, tree) in trees.enumerated() {
            let kind = slots.kind(of: tree)
            if let tree {
                if kind == .lanes { coded.append(tree) }
                if kind != .walk { ranked.append(tree) { slots.slot(of: $0) } }
            }
            if segments.last?.kind == kind {
                segments[segments.count - 1].treeCount += 1
            } else {
                segments.append(Segment(kind: kind, firstTree: index, treeCount: 1))
            }
        }
        guard ranked.count > 0 else { return nil }
        ranked.group()
        var groups: [cforest_group] = []
        var nodes: [UInt8] = []
        var firstValues: [Int] = []
        var values: [Sum] = []
        for start in stride(from: 0, to: coded.count, by: 64) {
            let group = coded[start..<min(start + 64, coded.count)]
            let depth = max(1, group.map(\.depth).max() ?? 1)
            groups.append(cforest_group(nodes: UInt32(nodes.count), depth: UInt32(depth)))
            firstValues.append(values.count)
            let first = nodes.count
            nodes.append(contentsOf: repeatElement(0, count: 128 * (1 << depth - 1)))
            for (lane, tree) in group.enumerated() {
                tree.layOut(
                    split: { level, position, condition in
                        let node = first + 128 * (1 << level - 1 + position) + lane
                        (nodes[node], nodes[node + 64]) = slots.slot(of: condition)
                    },
                    leaf: { _, _, _ in })
                values.append(contentsOf: tree.completeLeaves(levels: depth))
            }
        }
        self.init(
            groups: groups, nodes: nodes, firstValues: firstValues, values: values, turns: slots.turns, ranked: ranked, segments: segments)
    }
}

/// Where the conditions of the single-row path find their byte among a row's ranks.
private struct RowSlots<Sum: LeafSum> {
    private let table: ConditionTable
    private let columns: ColumnTable
    private var slotOfTurn: [Int: Int] = [:]
    private(set) var turns: [RowPlan<Sum>.Turn] = []

    init(_ table: ConditionTable, _ columns: ColumnTable) {
        self.table = table
        self.columns = columns
    }

    /// How a tree is evaluated: by the reference walk where not all of its conditions can have a byte.
    mutating func kind(of tree: DecisionTree<Sum>?) -> RowPlan<Sum>.Kind {
        guard let tree else { return .walk }
        let isShallow = tree.depth <= ForestSegment.levelLimit
        guard isShallow || RankedTrees.serve(tree), serve(tree) else { return .walk }
        return isShallow ? .lanes : .ranked
    }

    /// Whether all conditions of a tree have a byte, after giving one to those that turn and have none yet.
    private mutating func serve(_ tree: DecisionTree<Sum>) -> Bool {
        guard 2 * columns.columns.count <= RowPlan<Sum>.rankLimit else { return false }
        for node in tree.nodes where !node.isLeaf {
            let index = Int(node.condition)
            guard case .turns(let parts, let startsLeft) = table.conditions[index], slotOfTurn[index] == nil else { continue }
            let slot = 2 * columns.columns.count + turns.count
            guard slot < RowPlan<Sum>.rankLimit else { return false }
            slotOfTurn[index] = slot
            let comparisons = parts.map { table.comparisons[Int($0)] }
            turns.append(
                RowPlan<Sum>.Turn(
                    slot: turns.count, feature: Int(comparisons[0].feature), boundaries: comparisons.map(\.threshold),
                    startsLeft: startsLeft,
                    missingLeft: comparisons[0].missingLeft == startsLeft))
        }
        return true
    }

    /// The byte a condition compares, and what it may be at most.
    func slot(of condition: Int) -> (UInt8, UInt8) {
        switch table.conditions[condition] {
        case .comparison(let index):
            let column = 2 * columns.columnOf[Int(index)]
            let missingLeft = table.comparisons[Int(index)].missingLeft
            return (UInt8(column + (missingLeft ? 0 : 1)), columns.thresholdOf[Int(index)])
        case .turns: return (UInt8(slotOfTurn[condition] ?? 0), 0)
        }
    }
}
