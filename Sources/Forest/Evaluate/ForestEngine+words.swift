internal import CForest

extension ForestEngine {
    /// Actions of one job, up to 64, which are the rows `range`: by AVX-512.
    ///
    /// - Returns: `false`, with nothing done, where there is no plan or no memory.
    @unsafe func addActionWords<Margin: BinaryFloatingPoint>(
        _ shared: Span<Float>, _ varying: Span<Float>, _ job: Int, _ actionPlan: ActionPlan<Sum>, into margins: inout MutableSpan<Margin>,
        _ range: Range<Int>
    ) -> Bool {
        guard let plan, let rowPlan = plan.rowPlan, let words = actionPlan.words,
            let memory = unsafe ActionMemory(for: words, columnCount: plan.columns.count)
        else { return false }
        let row = shared.extracting(job * featureCount..<(job + 1) * featureCount)
        unsafe rank(row, actionPlan.sharedColumns, plan.tables, .avx512, into: memory.rowRanks)
        unsafe rank(row, actionPlan.sharedTurns, after: plan.columns.count, into: memory.rowRanks)
        let width = actionPlan.varying.count
        unsafe computeWords(
            varying.extracting(range.lowerBound * width..<range.upperBound * width), rowCount: range.count, words, plan, actionPlan, memory)
        unsafe memory.sums.update(repeating: trees.base, count: ActionWords<Sum>.rowLimit)
        unsafe Sum.addActions(words, rowPlan, rankCount: 2 * plan.columns.count + rowPlan.turns.count, memory)
        let places = SumOrder.places(.avx512, lanes: 1, byteCount: Sum.byteCount)
        for (row, place) in zip(range, places) { margins[row] = unsafe Margin(trees.margin(ofSum: memory.sums[Int(place)])) }
        return true
    }

    /// The words of the conditions that vary, in the order in which trees need them.
    @unsafe private func computeWords(
        _ varying: Span<Float>, rowCount: Int, _ words: ActionWords<Sum>, _ plan: ForestPlan<Sum>, _ actionPlan: ActionPlan<Sum>,
        _ memory: ActionMemory<Sum>
    ) {
        unsafe varying.withUnsafeBufferPointer { values in
            unsafe actionPlan.varyingColumns.withUnsafeBufferPointer { columns in
                unsafe plan.tables.withUnsafeBufferPointer { tables in
                    guard let values = values.baseAddress, let first = columns.baseAddress, let tables = tables.baseAddress else { return }
                    unsafe cforest_avx512_bin(
                        values, actionPlan.varying.count, rowCount, first, columns.count, tables, memory.transposed, 1, memory.ranks)
                }
            }
        }
        unsafe plan.columns.withUnsafeBufferPointer { columns in
            unsafe words.runs.withUnsafeBufferPointer { runs in
                unsafe words.conditions.withUnsafeBufferPointer { conditions in
                    guard let columns = columns.baseAddress, let first = runs.baseAddress, let conditions = conditions.baseAddress else {
                        return
                    }
                    unsafe cforest_avx512_planes(
                        memory.ranks, columns, 1, first, runs.count, conditions, memory.compare, memory.planes)
                }
            }
        }
        unsafe words.operands.withUnsafeBufferPointer { operands in
            guard let first = operands.baseAddress else { return }
            unsafe cforest_gather_words(memory.planes, first, operands.count, memory.words)
        }
    }

    /// Actions from which on words are faster than one row at a time, measured likewise.
    static var wordsCrossover: Int { 7 }

    /// Whether runs of up to 64 actions of one job each are faster one by one than together in a block: under 6 µs a run against 20, 24 and
    /// 35 for a block of up to 128, 256 and 512 rows, as measured with 300 trees of depth 6.
    static func prefersWords(runs: Int, rowCount: Int) -> Bool {
        runs <= (rowCount <= 128 ? 3 : rowCount <= 256 ? 4 : 6)
    }
}
