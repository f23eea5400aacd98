internal import CForest

/// A forest ready to compute: the trees, whose walk defines the margins, and their plan for the fast paths.
struct ForestEngine<Trees: ReferenceTrees>: Sendable {
    typealias Sum = Trees.Sum

    let trees: Trees
    private let featureCount: Int
    /// `nil` where only the walk serves this forest.
    private let plan: ForestPlan<Sum>?

    /// Rows from which on a block is faster than one row at a time, by path: measured with 300 trees of depth 6.
    private static func crossover(_ path: ForestPath) -> Int { path == .avx512 ? 16 : 24 }
    /// Rows that walk through one tree before the next: enough to keep a tree in the nearest cache, few enough for their own data.
    private static var walkRows: Int { 64 }

    init(_ trees: Trees, featureCount: Int) {
        self.trees = trees
        self.featureCount = featureCount
        var conditions = ConditionTable()
        let decisionTrees = (0..<trees.treeCount).map { trees.decisionTree($0, conditions: &conditions) }
        plan = PlanBuilder.plan(decisionTrees, conditions)
    }

    /// Computes the margins of row-major rows, each rounded to `Margin` once.
    func margins<Margin: BinaryFloatingPoint>(
        of rows: Span<Float>, into margins: inout MutableSpan<Margin>, path: ForestPath, batching: ForestBatching
    ) {
        precondition(rows.count == margins.count * featureCount, "rows and margins do not match")
        var start = 0
        while start < margins.count {
            let rest = margins.count - start
            let isSingle = batching == .rows || (batching == .automatic && rest < Self.crossover(path))
            let count = min(rest, path == .reference ? Self.walkRows : isSingle ? 1 : ForestPlan<Sum>.blockRows)
            let isDone =
                path != .reference
                && (isSingle
                    ? unsafe addRow(rows, start, into: &margins, path)
                    : unsafe addBlock(rows, start..<start + count, into: &margins, path))
            if !isDone { walk(rows, start..<start + count, into: &margins) }
            start += count
        }
    }

    // MARK: Walk

    private func walk<Margin: BinaryFloatingPoint>(_ rows: Span<Float>, _ range: Range<Int>, into margins: inout MutableSpan<Margin>) {
        // The sums of a whole block would need memory of their own where `Margin` is not `Sum`; then rows go one by one.
        if Margin.self == Sum.self {
            let base = Margin(trees.base)
            for row in range { margins[row] = base }
            for tree in 0..<trees.treeCount {
                for row in range { margins[row] += Margin(trees.leafValue(inTree: tree, of: rows, at: row * featureCount)) }
            }
            for row in range { margins[row] = Margin(trees.margin(ofSum: Sum(margins[row]))) }
        } else {
            for row in range {
                var sum = trees.base
                for tree in 0..<trees.treeCount { sum += trees.leafValue(inTree: tree, of: rows, at: row * featureCount) }
                margins[row] = Margin(trees.margin(ofSum: sum))
            }
        }
    }

    // MARK: Blocks

    /// - Returns: `false`, with nothing done, where there is no plan or no memory.
    @unsafe private func addBlock<Margin: BinaryFloatingPoint>(
        _ rows: Span<Float>, _ range: Range<Int>, into margins: inout MutableSpan<Margin>, _ path: ForestPath
    ) -> Bool {
        let lanes = path != .avx512 || range.count > 256 ? 4 : range.count > 128 ? 2 : 1
        guard let plan, let block = unsafe BlockMemory(for: plan, rowCount: range.count, lanes: lanes) else { return false }
        let matrix = rows.extracting(range.lowerBound * featureCount..<range.upperBound * featureCount)
        unsafe bin(matrix, plan, block, path)
        unsafe block.sums.update(repeating: trees.base, count: ForestPlan<Sum>.blockRows)
        let places = SumOrder.places(path, lanes: lanes, byteCount: Sum.byteCount)
        for chunk in plan.chunks {
            unsafe computePlanes(chunk, plan, block, path)
            for segment in chunk.segments {
                unsafe add(segment, plan, block, path) { row, tree in
                    let leaf = trees.leafValue(inTree: tree, of: matrix, at: row * featureCount)
                    unsafe block.sums[Int(places[row])] += leaf
                }
            }
        }
        for (row, place) in zip(range, places) { margins[row] = unsafe Margin(trees.margin(ofSum: block.sums[Int(place)])) }
        return true
    }

    @unsafe private func bin(_ rows: Span<Float>, _ plan: ForestPlan<Sum>, _ block: BlockMemory<Sum>, _ path: ForestPath) {
        unsafe rows.withUnsafeBufferPointer { rows in
            unsafe plan.columns.withUnsafeBufferPointer { columns in
                unsafe plan.tables.withUnsafeBufferPointer { tables in
                    guard let rows = rows.baseAddress, let first = columns.baseAddress, let tables = tables.baseAddress else { return }
                    switch path {
                    case .avx512:
                        unsafe cforest_avx512_bin(
                            rows, featureCount, block.rowCount, first, columns.count, tables, block.transposed, block.lanes, block.ranks)
                    case .avx2:
                        unsafe cforest_avx2_bin(rows, featureCount, block.rowCount, first, columns.count, tables, block.ranks)
                    case .portable, .reference:
                        unsafe PortableKernels.bin(
                            rows, stride: featureCount, rowCount: block.rowCount, columns: plan.columns.span, tables: tables,
                            into: block.ranks)
                    }
                }
            }
        }
    }

    @unsafe private func computePlanes(_ chunk: ForestChunk, _ plan: ForestPlan<Sum>, _ block: BlockMemory<Sum>, _ path: ForestPath) {
        let planes = unsafe block.planes + ForestChunk.constantPlanes * block.planeBytes
        guard path == .avx512 || path == .avx2 else {
            unsafe PortableKernels.planes(
                ranks: block.ranks, columns: plan.columns.span, runs: chunk.runs, conditions: chunk.conditions, compare: block.compare,
                into: planes)
            unsafe PortableKernels.operate(plan.operations[chunk.preparation], on: block.planes)
            return
        }
        unsafe plan.columns.withUnsafeBufferPointer { columns in
            unsafe chunk.runs.withUnsafeBufferPointer { runs in
                unsafe chunk.conditions.withUnsafeBufferPointer { conditions in
                    guard let columns = columns.baseAddress, let first = runs.baseAddress, let conditions = conditions.baseAddress else {
                        return
                    }
                    if path == .avx512 {
                        unsafe cforest_avx512_planes(
                            block.ranks, columns, block.lanes, first, runs.count, conditions, block.compare, planes)
                    } else {
                        unsafe cforest_avx2_planes(block.ranks, columns, first, runs.count, conditions, block.compare, planes)
                    }
                }
            }
        }
        guard !chunk.preparation.isEmpty else { return }
        unsafe plan.operations.withUnsafeBufferPointer { operations in
            guard let first = operations.baseAddress else { return }
            let (start, count) = unsafe (first + chunk.preparation.lowerBound, chunk.preparation.count)
            if path == .avx512 {
                unsafe cforest_avx512_operate(block.planes, block.lanes, start, count)
            } else {
                unsafe cforest_avx2_operate(block.planes, start, count)
            }
        }
    }

    /// Adds the leaves of a segment's trees; `walk` adds that of one row in one tree.
    @unsafe private func add(
        _ segment: ForestSegment, _ plan: ForestPlan<Sum>, _ block: BlockMemory<Sum>, _ path: ForestPath, walk: (Int, Int) -> Void
    ) {
        let isVector = path == .avx512 || path == .avx2
        switch segment.kind {
        case .walk:
            for tree in segment.firstTree..<segment.firstTree + segment.treeCount {
                for row in unsafe 0..<block.rowCount { walk(row, tree) }
            }
        case .levels(let depth) where isVector: unsafe Sum.addLevels(segment, depth: depth, of: plan, on: block, path: path)
        case .levels(let depth): unsafe PortableKernels.addLevels(segment, depth: depth, of: plan, on: block)
        case .programs where isVector: unsafe Sum.addPrograms(segment, of: plan, on: block, path: path)
        case .programs: unsafe PortableKernels.addPrograms(segment, of: plan, on: block)
        }
    }

    // MARK: One row

    /// - Returns: `false`, with nothing done, where there is no plan for rows or no memory.
    @unsafe private func addRow<Margin: BinaryFloatingPoint>(
        _ rows: Span<Float>, _ row: Int, into margins: inout MutableSpan<Margin>, _ path: ForestPath
    ) -> Bool {
        guard let plan, let rowPlan = plan.rowPlan else { return false }
        let offset = row * featureCount
        let codeBytes = rowPlan.groups.count * 64
        guard let memory = unsafe cforest_scratch(256 + codeBytes) else { return false }
        let ranks = unsafe memory.assumingMemoryBound(to: UInt8.self)
        let codes = unsafe ranks + 256
        unsafe rank(rows.extracting(offset..<offset + featureCount), plan, rowPlan, path, into: ranks)
        unsafe computeCodes(plan, rowPlan, path, ranks, into: codes)
        var sum = trees.base
        var coded = 0
        unsafe rowPlan.values.withUnsafeBufferPointer { values in
            for segment in rowPlan.segments {
                guard segment.isCoded else {
                    for tree in segment.firstTree..<segment.firstTree + segment.treeCount {
                        sum += trees.leafValue(inTree: tree, of: rows, at: offset)
                    }
                    continue
                }
                let end = coded + segment.treeCount
                while coded < end {
                    let group = coded / 64
                    let depth = rowPlan.groups[group].depth
                    let leaves = rowPlan.firstValues[group]
                    let groupEnd = min(end, (group + 1) * 64)
                    for tree in coded..<groupEnd {
                        unsafe sum += values[leaves + (tree % 64) << Int(depth) + Int(codes[tree])]
                    }
                    coded = groupEnd
                }
            }
        }
        margins[row] = Margin(trees.margin(ofSum: sum))
        return true
    }

    /// The bytes of a row's ranks.
    @unsafe private func rank(
        _ row: Span<Float>, _ plan: ForestPlan<Sum>, _ rowPlan: RowPlan<Sum>, _ path: ForestPath, into ranks: UnsafeMutablePointer<UInt8>
    ) {
        if path == .avx512 {
            unsafe row.withUnsafeBufferPointer { row in
                unsafe plan.columns.withUnsafeBufferPointer { columns in
                    unsafe plan.tables.withUnsafeBufferPointer { tables in
                        guard let row = row.baseAddress, let first = columns.baseAddress, let tables = tables.baseAddress else { return }
                        unsafe cforest_avx512_bin_row(row, first, columns.count, tables, ranks)
                    }
                }
            }
        } else {
            let tables = plan.tables.span
            for (index, column) in plan.columns.enumerated() {
                let value = row[Int(column.feature)]
                var place = 1
                for _ in 0..<column.levels { place = 2 * place + (value >= tables[Int(column.tree) + place] ? 1 : 0) }
                let rank = UInt8(place - 1 << Int(column.levels))
                unsafe ranks[2 * index] = rank
                unsafe ranks[2 * index + 1] = value.isNaN ? 255 : rank
            }
        }
        let firstTurn = 2 * plan.columns.count
        for (index, turn) in rowPlan.turns.enumerated() {
            unsafe ranks[firstTurn + index] = turn.goesLeft(row[turn.feature]) ? 0 : 1
        }
    }

    /// The leaf codes of the trees that have one.
    @unsafe private func computeCodes(
        _ plan: ForestPlan<Sum>, _ rowPlan: RowPlan<Sum>, _ path: ForestPath, _ ranks: UnsafeMutablePointer<UInt8>,
        into codes: UnsafeMutablePointer<UInt8>
    ) {
        unsafe rowPlan.groups.withUnsafeBufferPointer { groups in
            unsafe rowPlan.nodes.withUnsafeBufferPointer { nodes in
                guard let first = groups.baseAddress, let nodes = nodes.baseAddress else { return }
                if path == .avx512 {
                    let rankCount = 2 * plan.columns.count + rowPlan.turns.count
                    unsafe cforest_avx512_codes(ranks, rankCount, first, groups.count, nodes, codes)
                    return
                }
                for index in 0..<groups.count {
                    let group = unsafe first[index]
                    for lane in 0..<64 {
                        let tree = unsafe nodes + Int(group.nodes) + lane
                        var node = 1
                        for _ in 0..<group.depth {
                            let place = 128 * (node - 1)
                            node = unsafe 2 * node + (ranks[Int(tree[place])] <= tree[place + 64] ? 0 : 1)
                        }
                        // Right decisions count from the left; the code has a 1 where the path goes left.
                        unsafe codes[64 * index + lane] = UInt8(2 << Int(group.depth) - 1 - node)
                    }
                }
            }
        }
    }
}

extension RowPlan.Turn {
    /// The outcome for a value: it turns at each boundary that the value reaches.
    func goesLeft(_ value: Float) -> Bool {
        if value.isNaN { return missingLeft }
        var (low, high) = (0, boundaries.count)
        while low < high {
            let middle = (low + high) / 2
            if boundaries[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return startsLeft == (low % 2 == 0)
    }
}
