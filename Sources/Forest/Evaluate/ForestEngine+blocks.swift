internal import CForest

extension ForestEngine {
    /// - Returns: `false`, with nothing done, where there is no plan or no memory.
    @unsafe func addBlock<Margin: BinaryFloatingPoint>(
        _ rows: Span<Float>, _ range: Range<Int>, into margins: inout MutableSpan<Margin>, _ path: ForestPath
    ) -> Bool {
        guard let plan, let block = unsafe BlockMemory(for: plan, rowCount: range.count, lanes: Self.lanes(range.count, path)) else {
            return false
        }
        let matrix = rows.extracting(range.lowerBound * featureCount..<range.upperBound * featureCount)
        unsafe bin(matrix, stride: featureCount, rowCount: range.count, plan.columns, plan.tables, block, into: block.ranks, path)
        unsafe addTrees(plan, block, path, to: &margins, range) { row, tree in
            trees.leafValue(inTree: tree, of: matrix, at: row * featureCount)
        }
        return true
    }

    /// Lanes of 128 rows that planes need.
    static func lanes(_ rowCount: Int, _ path: ForestPath) -> Int {
        path != .avx512 || rowCount > 256 ? 4 : rowCount > 128 ? 2 : 1
    }

    /// Sums the trees over a block whose ranks are known, and writes the margins; `walk` yields the leaf of a row in a tree without planes.
    @unsafe func addTrees<Margin: BinaryFloatingPoint>(
        _ plan: ForestPlan<Sum>, _ block: BlockMemory<Sum>, _ path: ForestPath, to margins: inout MutableSpan<Margin>, _ range: Range<Int>,
        walk: (Int, Int) -> Sum
    ) {
        unsafe block.sums.update(repeating: trees.base, count: ForestPlan<Sum>.blockRows)
        let places = unsafe SumOrder.places(path, lanes: block.lanes, byteCount: Sum.byteCount)
        for chunk in plan.chunks {
            unsafe computePlanes(chunk, plan, block, path)
            for segment in chunk.segments {
                unsafe add(segment, plan, block, path) { row, tree in
                    let leaf = walk(row, tree)
                    unsafe block.sums[Int(places[row])] += leaf
                }
            }
        }
        for (row, place) in zip(range, places) { margins[row] = unsafe Margin(trees.margin(ofSum: block.sums[Int(place)])) }
    }

    /// Ranks of row-major rows as bit planes.
    @unsafe func bin(
        _ rows: Span<Float>, stride: Int, rowCount: Int, _ columns: [cforest_column], _ tables: [Float], _ block: BlockMemory<Sum>,
        into ranks: UnsafeMutablePointer<UInt8>, _ path: ForestPath
    ) {
        unsafe rows.withUnsafeBufferPointer { rows in
            unsafe columns.withUnsafeBufferPointer { first in
                unsafe tables.withUnsafeBufferPointer { tables in
                    guard let rows = rows.baseAddress, let first = first.baseAddress, let tables = tables.baseAddress else { return }
                    switch path {
                    case .avx512:
                        let lanes = Self.lanes(rowCount, path)
                        unsafe cforest_avx512_bin(
                            rows, stride, rowCount, first, columns.count, tables, block.transposed, lanes, ranks)
                    case .avx2: unsafe cforest_avx2_bin(rows, stride, rowCount, first, columns.count, tables, ranks)
                    case .portable, .reference:
                        unsafe PortableKernels.bin(rows, stride: stride, rowCount: rowCount, columns: columns, tables: tables, into: ranks)
                    }
                }
            }
        }
    }

    @unsafe func computePlanes(_ chunk: ForestChunk, _ plan: ForestPlan<Sum>, _ block: BlockMemory<Sum>, _ path: ForestPath) {
        let planes = unsafe block.planes + ForestChunk.constantPlanes * block.planeBytes
        guard path == .avx512 || path == .avx2 else {
            let columns = plan.columns
            unsafe PortableKernels.planes(
                ranks: block.ranks, columns: columns.span, runs: chunk.runs, conditions: chunk.conditions, compare: block.compare,
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
    @unsafe func add(
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
}
