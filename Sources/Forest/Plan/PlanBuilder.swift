internal import CForest

/// Lays a forest out as a plan.
struct PlanBuilder<Sum: LeafSum> {
    /// Columns at most: bounds the ranks of a block at 2.3 MB; a forest with more is walked.
    static var columnLimit: Int { 4096 }

    private let trees: [DecisionTree<Sum>?]
    private let table: ConditionTable
    private let columns: ColumnTable

    private var chunks: [ForestChunk] = []
    private var nodes: [UInt16] = []
    private var programs: [cforest_program] = []
    private var operations: [cforest_operation] = []
    private var leaves: [UInt8] = []
    private var values: [Sum] = []
    private var planeCount = ForestChunk.constantPlanes

    /// - Parameter trees: in the order of summation; `nil` = to be walked.
    /// - Returns: `nil` if the forest as a whole is to be walked.
    static func plan(_ trees: [DecisionTree<Sum>?], _ table: ConditionTable) -> ForestPlan<Sum>? {
        var builder = PlanBuilder(trees, table)
        guard builder.columns.columns.count <= columnLimit else { return nil }
        return builder.build()
    }

    private init(_ trees: [DecisionTree<Sum>?], _ table: ConditionTable) {
        self.trees = trees.map { tree in
            // A chunk has room for every tree by itself.
            guard let tree, Self.planeCount(tree, table) <= ForestChunk.planeLimit else { return nil }
            return tree
        }
        self.table = table
        columns = ColumnTable(table.comparisons)
    }

    private mutating func build() -> ForestPlan<Sum> {
        var first = 0
        while first < trees.count {
            let (end, conditions) = extent(from: first)
            appendChunk(first..<end, conditions)
            first = end
        }
        return ForestPlan(
            columns: columns.columns, tables: columns.tables, chunks: chunks, nodes: nodes, programs: programs, operations: operations,
            leaves: leaves, values: values, planeCount: planeCount, rowPlan: RowPlan(trees, table, columns))
    }

    /// Planes of a tree at most.
    private static func planeCount(_ tree: DecisionTree<Sum>, _ table: ConditionTable) -> Int {
        tree.nodes.reduce(0) { count, node in
            if node.isLeaf { return count }
            switch table.conditions[Int(node.condition)] {
            case .comparison: return count + 1
            case .turns(let comparisons, _): return count + comparisons.count + 1
            }
        }
    }

    /// Whether planes serve a tree well.
    private func isPlanned(_ tree: DecisionTree<Sum>?) -> Bool {
        guard let tree else { return false }
        return tree.depth <= ForestSegment.levelLimit || tree.leafCount <= TreeProgram<Sum>.leafLimit
    }

    // MARK: Chunks

    /// As many trees as one chunk's planes allow, at least one, with their conditions.
    private func extent(from first: Int) -> (end: Int, conditions: [Int]) {
        var isNeeded = [Bool](repeating: false, count: table.conditions.count)
        var isPlane = [Bool](repeating: false, count: table.comparisons.count)
        var conditions: [Int] = []
        var planeCount = 0
        for index in first..<trees.count {
            guard let tree = trees[index], isPlanned(tree) else { continue }
            let firstNew = conditions.count
            for node in tree.nodes where !node.isLeaf && !isNeeded[Int(node.condition)] {
                isNeeded[Int(node.condition)] = true
                conditions.append(Int(node.condition))
            }
            for condition in conditions[firstNew...] {
                let parts = table.parts(of: condition)
                if parts.count > 1 { planeCount += 1 }
                for part in parts where !isPlane[Int(part)] {
                    isPlane[Int(part)] = true
                    planeCount += 1
                }
            }
            if planeCount > ForestChunk.planeLimit, index > first { return (index, Array(conditions[..<firstNew])) }
        }
        return (trees.count, conditions)
    }

    private mutating func appendChunk(_ range: Range<Int>, _ conditions: [Int]) {
        var chunk = ForestChunk()
        let operands = layOutPlanes(of: conditions, in: &chunk)
        for index in range { append(index, to: &chunk, operands) }
        chunks.append(chunk)
        planeCount = max(planeCount, operands.planeCount + TreeProgram<Sum>.temporaryLimit)
    }

    /// The operand of each condition of the forest that a chunk has.
    private struct Operands {
        var planeCount: Int
        var operandOf: [UInt16]
    }

    /// Comparisons in the order of columns and thresholds, then the conditions that turn.
    private mutating func layOutPlanes(of conditions: [Int], in chunk: inout ForestChunk) -> Operands {
        let step = CFOREST_OPERAND_STEP
        var planes = Operands(
            planeCount: ForestChunk.constantPlanes, operandOf: Array(repeating: 0, count: table.conditions.count))
        var operandOfComparison = [UInt16](repeating: 0, count: table.comparisons.count)
        for index in inOrder(conditions) where operandOfComparison[index] == 0 {
            let column = UInt32(columns.columnOf[index])
            let missingLeft: UInt32 = table.comparisons[index].missingLeft ? 1 : 0
            if chunk.runs.last?.column != column || chunk.runs.last?.missing_left != missingLeft {
                chunk.runs.append(cforest_run(column: column, count: 0, missing_left: missingLeft))
            }
            chunk.runs[chunk.runs.count - 1].count += 1
            let threshold = columns.thresholdOf[index]
            chunk.conditions += [threshold % 16 * UInt8(step), threshold / 16 * UInt8(step)]
            operandOfComparison[index] = UInt16(planes.planeCount * step)
            planes.planeCount += 1
        }
        let start = operations.count
        for condition in conditions {
            switch table.conditions[condition] {
            case .comparison(let index): planes.operandOf[condition] = operandOfComparison[Int(index)]
            case .turns(let parts, let startsLeft):
                let result = UInt16(planes.planeCount * step)
                planes.planeCount += 1
                planes.operandOf[condition] = result
                combine(parts.map { operandOfComparison[Int($0)] }, startsLeft: startsLeft, into: result)
            }
        }
        chunk.preparation = start..<operations.count
        return planes
    }

    /// The comparisons of conditions, some perhaps several times: runs of one column and one outcome for missing values, thresholds ascending.
    private func inOrder(_ conditions: [Int]) -> [Int] {
        var keys: [UInt64] = []
        keys.reserveCapacity(conditions.count)
        func add(_ comparison: Int32) {
            let index = Int(comparison)
            let run = columns.columnOf[index] * 2 + (table.comparisons[index].missingLeft ? 0 : 1)
            keys.append(UInt64(run << 8 | Int(columns.thresholdOf[index])) << 32 | UInt64(index))
        }
        for condition in conditions {
            switch table.conditions[condition] {
            case .comparison(let index): add(index)
            case .turns(let parts, _): for part in parts { add(part) }
            }
        }
        keys.sort()
        return keys.map { Int($0 & 0xFFFF_FFFF) }
    }

    /// From the last turn back: `part ? this outcome : what the later ones say`.
    private mutating func combine(_ parts: [UInt16], startsLeft: Bool, into result: UInt16) {
        let constants = [UInt16(0), UInt16(CFOREST_OPERAND_STEP)]
        var rest = constants[(parts.count % 2 == 0) == startsLeft ? 1 : 0]
        for (index, part) in parts.enumerated().reversed() {
            let outcome = constants[(index % 2 == 0) == startsLeft ? 1 : 0]
            operations.append(cforest_operation(select: part, left: outcome, right: rest, result: result))
            rest = result
        }
    }

    // MARK: Trees

    private mutating func append(_ index: Int, to chunk: inout ForestChunk, _ operands: Operands) {
        guard let tree = trees[index], isPlanned(tree) else {
            extend(&chunk, .walk, at: index)
            return
        }
        if tree.depth <= ForestSegment.levelLimit {
            appendLevels(tree, at: index, to: &chunk, operands)
        } else {
            appendProgram(tree, at: index, to: &chunk, operands)
        }
    }

    private mutating func appendLevels(_ tree: DecisionTree<Sum>, at index: Int, to chunk: inout ForestChunk, _ operands: Operands) {
        var depth = max(tree.depth, 1)
        // One call for a run of trees is worth a level too many.
        if let last = chunk.segments.last, last.kind == .levels(depth + 1) { depth += 1 }
        extend(&chunk, .levels(depth), at: index)
        let first = nodes.count
        nodes.append(contentsOf: repeatElement(0, count: 1 << depth - 1))
        tree.layOut(
            split: { level, position, condition in nodes[first + 1 << level - 1 + position] = operands.operandOf[condition] },
            leaf: { _, _, _ in })
        append(tree.completeLeaves(levels: depth), codeCount: 64)
    }

    private mutating func appendProgram(_ tree: DecisionTree<Sum>, at index: Int, to chunk: inout ForestChunk, _ operands: Operands) {
        extend(&chunk, .programs, at: index)
        let program = TreeProgram(tree, firstTemporary: operands.planeCount) { operands.operandOf[$0] }
        let codeCount = [64, 128].first { tree.leafCount <= $0 } ?? 256
        let bits = program.bits + Array(repeating: 0, count: 8 - program.bits.count)
        programs.append(
            cforest_program(
                first: UInt32(operations.count), count: UInt32(program.operations.count), leaves: UInt32(leaves.count),
                values: UInt32(values.count), codes: UInt32(codeCount),
                bits: (bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7]), bit_count: UInt32(program.bits.count)))
        operations.append(contentsOf: program.operations)
        append(program.leaves(codeCount: codeCount), codeCount: codeCount)
    }

    /// Adds a tree to the last segment, or begins one.
    private func extend(_ chunk: inout ForestChunk, _ kind: ForestSegment.Kind, at index: Int) {
        if chunk.segments.last?.kind == kind {
            chunk.segments[chunk.segments.count - 1].treeCount += 1
        } else {
            chunk.segments.append(
                ForestSegment(
                    kind: kind, firstTree: index, treeCount: 1, first: kind == .programs ? programs.count : nodes.count,
                    leaves: leaves.count, values: values.count))
        }
    }

    /// Appends a leaf table, whole and split into bytes of `codeCount` each.
    private mutating func append(_ table: [Sum], codeCount: Int) {
        values.append(contentsOf: table)
        leaves += Sum.table(table, codeCount: codeCount)
    }
}
