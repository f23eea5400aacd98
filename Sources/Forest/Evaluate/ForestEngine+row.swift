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
        let hasCodes = path == .avx512
        if hasCodes {
            unsafe computeCodes(rankCount: 2 * plan.columns.count + rowPlan.turns.count, rowPlan, memory)
        } else {
            unsafe rowPlan.ranked.walk(rowPlan.ranked.shallowGroups, memory.ranks, into: memory.places)
        }
        unsafe rowPlan.ranked.walk(rowPlan.ranked.deepGroups, memory.ranks, into: memory.places)
        // Local: a sum in a closure's capture would be stored and loaded for each tree.
        var sum = trees.base
        var (coded, ranked) = (0, 0)
        for segment in rowPlan.segments {
            if segment.kind == .walk {
                for tree in segment.firstTree..<segment.firstTree + segment.treeCount {
                    sum += trees.leafValue(inTree: tree, of: row, at: 0)
                }
                continue
            }
            if segment.kind == .lanes, hasCodes {
                sum = unsafe rowPlan.add(coded..<coded + segment.treeCount, memory.codes, to: sum)
            } else {
                sum = unsafe rowPlan.ranked.add(ranked..<ranked + segment.treeCount, memory.places, to: sum)
            }
            if segment.kind == .lanes { coded += segment.treeCount }
            ranked += segment.treeCount
        }
        return sum
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

    /// The leaf codes of the trees that have one, by AVX-512.
    @unsafe private func computeCodes(rankCount: Int, _ rowPlan: RowPlan<Sum>, _ memory: RowMemory) {
        unsafe rowPlan.groups.withUnsafeBufferPointer { groups in
            unsafe rowPlan.nodes.withUnsafeBufferPointer { nodes in
                guard let first = groups.baseAddress, let nodes = nodes.baseAddress else { return }
                unsafe cforest_avx512_codes(memory.ranks, rankCount, first, groups.count, nodes, memory.codes)
            }
        }
    }
}

extension RowPlan {
    /// Adds the leaves of the trees of leaf codes, which are counted without the others.
    @unsafe fileprivate func add(_ range: Range<Int>, _ codes: UnsafePointer<UInt8>, to sum: Sum) -> Sum {
        unsafe values.withUnsafeBufferPointer { values in
            var sum = sum
            var start = range.lowerBound
            while start < range.upperBound {
                let group = start / 64
                let depth = Int(groups[group].depth)
                let leaves = firstValues[group]
                let end = min(range.upperBound, (group + 1) * 64)
                for tree in start..<end { unsafe sum += values[leaves + (tree % 64) << depth + Int(codes[tree])] }
                start = end
            }
            return sum
        }
    }
}

extension RankedTrees {
    /// Adds the leaves at the places in the ranked trees.
    @unsafe fileprivate func add(_ range: Range<Int>, _ places: UnsafePointer<UInt16>, to sum: Sum) -> Sum {
        unsafe values.withUnsafeBufferPointer { values in
            unsafe first.withUnsafeBufferPointer { first in
                var sum = sum
                for tree in range { unsafe sum += values[Int(first[tree]) + Int(places[tree])] }
                return sum
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
