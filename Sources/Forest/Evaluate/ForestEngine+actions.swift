internal import CForest

extension ForestEngine {
    /// Computes the margins of the actions of jobs, whose rows differ in the varying features only; `ForestActions` has the shapes.
    func margins<Margin: BinaryFloatingPoint>(
        shared: Span<Float>, counts: Span<Int>, varying: Span<Float>, by plan: ActionPlan<Sum>, into margins: inout MutableSpan<Margin>,
        path: ForestPath,
        batching: ForestBatching
    ) {
        precondition(shared.count == counts.count * featureCount, "shared rows and counts do not match")
        precondition(varying.count == margins.count * plan.varying.count, "varying values and margins do not match")
        var next = JobPosition()
        var start = 0
        while start < margins.count {
            let rest = margins.count - start
            let extent = next.extent(in: counts, rows: min(rest, ForestPlan<Sum>.blockRows))
            if path == .avx512, batching == .automatic, plan.words != nil, extent.rows >= Self.wordsCrossover,
                Self.prefersWords(runs: extent.wordRuns, rowCount: extent.rows)
            {
                var ahead = next
                let run = ahead.nextRun(in: counts, rows: min(rest, ActionWords<Sum>.rowLimit))
                if unsafe addActionWords(shared, varying, run.job, plan, into: &margins, start..<start + run.rows) {
                    next = ahead
                    start += run.rows
                    continue
                }
            }
            let isSingle = plan.walks || path == .reference || batching == .rows || (batching == .automatic && rest < Self.crossover(path))
            if !isSingle,
                unsafe addActionBlock(shared, counts, varying, next, extent.jobs, plan, into: &margins, start..<start + extent.rows, path)
            {
                next = extent.end
                start += extent.rows
                continue
            }
            let run = next.nextRun(in: counts, rows: rest)
            unsafe addActionRun(shared, varying, run.job, plan, into: &margins, start..<start + run.rows, path)
            start += run.rows
        }
    }

    // MARK: Blocks

    /// - Returns: `false`, with nothing done, where there is no plan or no memory.
    @unsafe private func addActionBlock<Margin: BinaryFloatingPoint>(
        _ shared: Span<Float>, _ counts: Span<Int>, _ varying: Span<Float>, _ first: JobPosition, _ jobs: Range<Int>,
        _ actionPlan: ActionPlan<Sum>,
        into margins: inout MutableSpan<Margin>, _ range: Range<Int>, _ path: ForestPath
    ) -> Bool {
        guard let plan, let block = unsafe BlockMemory(for: plan, rowCount: range.count, lanes: Self.lanes(range.count, path)) else {
            return false
        }
        var position = first
        var (job, end) = (jobs.lowerBound, 0)
        while end < range.count {
            let run = position.nextRun(in: counts, rows: range.count - end)
            // Jobs in between have no rows.
            while job < run.job {
                unsafe block.jobEnds[job - jobs.lowerBound] = Int32(end)
                job += 1
            }
            end += run.rows
            unsafe block.jobEnds[job - jobs.lowerBound] = Int32(end)
            job += 1
        }
        let jobRows = shared.extracting(jobs.lowerBound * featureCount..<jobs.upperBound * featureCount)
        unsafe bin(
            jobRows, stride: featureCount, rowCount: jobs.count, actionPlan.sharedColumns, plan.tables, block, into: block.jobRanks, path)
        if path != .avx512 || !(unsafe expandTogether(actionPlan.sharedColumns, jobCount: jobs.count, block)) {
            for column in actionPlan.sharedColumns { unsafe expand(column, jobCount: jobs.count, block, path) }
        }
        let width = actionPlan.varying.count
        unsafe bin(
            varying.extracting(range.lowerBound * width..<range.upperBound * width), stride: width, rowCount: range.count,
            actionPlan.varyingColumns, plan.tables, block, into: block.ranks, path)
        unsafe addTrees(plan, block, path, to: &margins, range) { _, _ in preconditionFailure("a forest that walks is not taken in blocks")
        }
        return true
    }

    /// Gives the bits of each job to all its rows.
    @unsafe private func expand(_ column: cforest_column, jobCount: Int, _ block: BlockMemory<Sum>, _ path: ForestPath) {
        let jobPlaneWords = 2 * Self.lanes(jobCount, path)
        let planeWords = unsafe block.planeBytes / 8
        let first = Int(column.slot) * CFOREST_COLUMN_PLANES
        for plane in 0..<CFOREST_COLUMN_PLANES where plane < column.levels || plane == CFOREST_COLUMN_PLANES - 1 {
            let source =
                unsafe UnsafeMutableRawPointer(block.jobRanks).assumingMemoryBound(to: UInt64.self)
                + (first + plane) * jobPlaneWords
            let target = unsafe UnsafeMutableRawPointer(block.ranks).assumingMemoryBound(to: UInt64.self) + (first + plane) * planeWords
            unsafe target.update(repeating: 0, count: planeWords)
            var start = 0
            for job in 0..<jobCount {
                let end = unsafe Int(block.jobEnds[job])
                if start == end { continue }
                let bits = unsafe 0 &- (source[job / 64] >> UInt64(job % 64) & 1)
                let (firstWord, lastWord) = (start / 64, (end - 1) / 64)
                let (head, tail) = (UInt64.max << UInt64(start % 64), UInt64.max >> UInt64(63 - (end - 1) % 64))
                if firstWord == lastWord {
                    unsafe target[firstWord] |= bits & head & tail
                } else {
                    unsafe target[firstWord] |= bits & head
                    for word in firstWord + 1..<lastWord { unsafe target[word] = bits }
                    unsafe target[lastWord] |= bits & tail
                }
                start = end
            }
        }
    }

    /// The same for all columns, by AVX-512.
    ///
    /// - Returns: `false`, with nothing done, where jobs without rows part those of 64 rows by 64 jobs or more.
    @unsafe private func expandTogether(_ columns: [cforest_column], jobCount: Int, _ block: BlockMemory<Sum>) -> Bool {
        var (job, first) = (0, 0)
        for row in unsafe 0..<block.rowCount {
            while unsafe Int(block.jobEnds[job]) <= row { job += 1 }
            if row % 64 == 0 {
                first = job
                unsafe block.firstJobs[row / 64] = UInt16(job)
            }
            guard job - first < 64 else { return false }
            unsafe block.localJobs[row] = UInt8(job - first)
        }
        unsafe columns.withUnsafeBufferPointer { columns in
            guard let start = columns.baseAddress else { return }
            unsafe cforest_avx512_expand(
                block.jobRanks, Self.lanes(jobCount, .avx512), start, columns.count, block.localJobs, block.firstJobs, block.rowCount,
                block.lanes, block.ranks)
        }
        return true
    }

    // MARK: One action at a time

    /// Actions of one job, which are the rows `range`.
    @unsafe private func addActionRun<Margin: BinaryFloatingPoint>(
        _ shared: Span<Float>, _ varying: Span<Float>, _ job: Int, _ actionPlan: ActionPlan<Sum>, into margins: inout MutableSpan<Margin>,
        _ range: Range<Int>, _ path: ForestPath
    ) {
        let rowPlan = path == .reference ? nil : plan?.rowPlan
        guard let memory = unsafe RowMemory(for: rowPlan, featureCount: featureCount) else {
            preconditionFailure("no memory for a row")
        }
        let row = unsafe UnsafeMutableBufferPointer(start: memory.row, count: featureCount)
        for feature in 0..<featureCount { unsafe row[feature] = shared[job * featureCount + feature] }
        if let plan, rowPlan != nil {
            unsafe rank(row.span, actionPlan.sharedColumns, plan.tables, path, into: memory.ranks)
            unsafe rank(row.span, actionPlan.sharedTurns, after: plan.columns.count, into: memory.ranks)
        }
        let width = actionPlan.varying.count
        for action in range {
            let values = varying.extracting(action * width..<(action + 1) * width)
            for (place, feature) in actionPlan.varying.enumerated() { unsafe row[feature] = values[place] }
            guard let plan, let rowPlan else {
                margins[action] = unsafe Margin(walk(row.span))
                continue
            }
            unsafe rank(values, actionPlan.varyingColumns, plan.tables, path, into: memory.ranks)
            unsafe rank(values, actionPlan.varyingTurns, after: plan.columns.count, into: memory.ranks)
            margins[action] = unsafe Margin(trees.margin(ofSum: sum(plan, rowPlan, path, memory, row.span)))
        }
    }
}

/// The place of the next row among the actions of jobs.
struct JobPosition {
    private var job = 0
    /// Rows of the job that are behind.
    private var done = 0

    /// Moves over up to that many rows of one job, the next that has any.
    mutating func nextRun(in counts: Span<Int>, rows limit: Int) -> (job: Int, rows: Int) {
        precondition(job < counts.count && counts[job] >= done, "the counts do not add up to the number of margins")
        while counts[job] == done {
            job += 1
            done = 0
            precondition(job < counts.count && counts[job] >= 0, "the counts do not add up to the number of margins")
        }
        let rows = min(limit, counts[job] - done)
        done += rows
        return (job, rows)
    }

    /// Rows that a block takes, and the jobs they belong to.
    struct Extent {
        let jobs: Range<Int>
        let rows: Int
        /// Runs of up to 64 rows of one job that they make.
        let wordRuns: Int
        let end: JobPosition
    }

    /// Up to that many rows, of no more jobs than a block has places for.
    func extent(in counts: Span<Int>, rows limit: Int) -> Extent {
        var end = self
        let first = end.nextRun(in: counts, rows: limit)
        var (rows, last) = (first.rows, first.job)
        var wordRuns = (first.rows + 63) / 64
        while rows < limit {
            var ahead = end
            let run = ahead.nextRun(in: counts, rows: limit - rows)
            if run.job - first.job >= ForestPlan<Float>.blockRows { break }
            end = ahead
            rows += run.rows
            wordRuns += (run.rows + 63) / 64
            last = run.job
        }
        return Extent(jobs: first.job..<last + 1, rows: rows, wordRuns: wordRuns, end: end)
    }
}
