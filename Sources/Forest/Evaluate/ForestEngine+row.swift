internal import CForest

/// This thread's scratch memory, divided for one row.
@unsafe struct RowMemory {
    /// Bytes of the ranks.
    let ranks: UnsafeMutablePointer<UInt8>
    let codes: UnsafeMutablePointer<UInt8>
    /// Places of the leaves in the ranked trees.
    let places: UnsafeMutablePointer<UInt16>
    /// A row to be put together.
    let row: UnsafeMutablePointer<Float>

    /// `nil` where the system has no memory.
    ///
    /// - Parameter featureCount: length of the row to be put together, if any.
    init?<Sum: LeafSum>(for plan: RowPlan<Sum>?, featureCount: Int) {
        let codeCount = (plan?.groups.count ?? 0) * 64
        let placeCount = plan?.ranked.count ?? 0
        let bytes =
            unsafe ScratchMemory.bytes(256, of: UInt8.self) + ScratchMemory.bytes(codeCount, of: UInt8.self)
            + ScratchMemory.bytes(placeCount, of: UInt16.self) + ScratchMemory.bytes(featureCount, of: Float.self)
        guard var memory = unsafe ScratchMemory(bytes: bytes) else { return nil }
        unsafe ranks = memory.take(256)
        unsafe codes = memory.take(codeCount)
        unsafe places = memory.take(placeCount)
        unsafe row = memory.take(featureCount)
    }
}

extension ForestEngine {
    /// - Returns: `false`, with nothing done, where there is no plan for rows or no memory.
    @unsafe func addRow<Margin: BinaryFloatingPoint>(
        _ rows: Span<Float>, _ row: Int, into margins: inout MutableSpan<Margin>, _ path: ForestPath
    ) -> Bool {
        guard let plan, let rowPlan = plan.rowPlan,
            let memory = unsafe RowMemory(for: rowPlan, featureCount: 0)
        else { return false }
        let row = (index: row, values: rows.extracting(row * featureCount..<(row + 1) * featureCount))
        unsafe rank(row.values, plan.columns, plan.tables, path, into: memory.ranks)
        unsafe rank(row.values, rowPlan.turns, after: plan.columns.count, into: memory.ranks)
        margins[row.index] = unsafe Margin(trees.margin(ofSum: sum(plan, rowPlan, path, memory, row.values)))
        return true
    }

    /// The leaves of one row whose ranks are known, added in the order of the trees.
    @unsafe func sum(_ plan: ForestPlan<Sum>, _ rowPlan: RowPlan<Sum>, _ path: ForestPath, _ memory: RowMemory, _ row: Span<Float>) -> Sum {
        unsafe computeCodes(plan, rowPlan, path, memory.ranks, into: memory.codes)
        unsafe rowPlan.ranked.walk(memory.ranks, into: memory.places)
        return unsafe rowPlan.values.withUnsafeBufferPointer { values in
            unsafe rowPlan.ranked.values.withUnsafeBufferPointer { rankedValues in
                unsafe rowPlan.ranked.first.withUnsafeBufferPointer { firstNodes in
                    // Local to the closure: a captured sum would be stored and loaded for each tree.
                    var sum = trees.base
                    var (coded, ranked) = (0, 0)
                    for segment in rowPlan.segments {
                        switch segment.kind {
                        case .walk:
                            for tree in segment.firstTree..<segment.firstTree + segment.treeCount {
                                sum += trees.leafValue(inTree: tree, of: row, at: 0)
                            }
                        case .ranked:
                            for tree in ranked..<ranked + segment.treeCount {
                                unsafe sum += rankedValues[Int(firstNodes[tree]) + Int(memory.places[tree])]
                            }
                            ranked += segment.treeCount
                        case .lanes:
                            let end = coded + segment.treeCount
                            while coded < end {
                                let group = coded / 64
                                let depth = Int(rowPlan.groups[group].depth)
                                let leaves = rowPlan.firstValues[group]
                                let groupEnd = min(end, (group + 1) * 64)
                                for tree in coded..<groupEnd {
                                    unsafe sum += values[leaves + (tree % 64) << depth + Int(memory.codes[tree])]
                                }
                                coded = groupEnd
                            }
                        }
                    }
                    return sum
                }
            }
        }
    }

    /// The bytes of a row's ranks in the given columns.
    @unsafe func rank(
        _ row: Span<Float>, _ columns: [cforest_column], _ tables: [Float], _ path: ForestPath, into ranks: UnsafeMutablePointer<UInt8>
    ) {
        if path == .avx512 {
            unsafe row.withUnsafeBufferPointer { row in
                unsafe columns.withUnsafeBufferPointer { columns in
                    unsafe tables.withUnsafeBufferPointer { tables in
                        guard let row = row.baseAddress, let first = columns.baseAddress, let tables = tables.baseAddress else { return }
                        unsafe cforest_avx512_bin_row(row, first, columns.count, tables, ranks)
                    }
                }
            }
            return
        }
        let tables = tables.span
        for column in columns {
            let value = row[Int(column.feature)]
            var place = 1
            for _ in 0..<column.levels { place = 2 * place + (value >= tables[Int(column.tree) + place] ? 1 : 0) }
            let rank = UInt8(place - 1 << Int(column.levels))
            unsafe ranks[2 * Int(column.slot)] = rank
            unsafe ranks[2 * Int(column.slot) + 1] = value.isNaN ? 255 : rank
        }
    }

    /// The bytes of the conditions that turn more than once, which follow those of the columns.
    @unsafe func rank(_ row: Span<Float>, _ turns: [RowPlan<Sum>.Turn], after columnCount: Int, into ranks: UnsafeMutablePointer<UInt8>) {
        for turn in turns { unsafe ranks[2 * columnCount + turn.slot] = turn.goesLeft(row[turn.feature]) ? 0 : 1 }
    }

    /// The leaf codes of the trees that have one.
    @unsafe func computeCodes(
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
