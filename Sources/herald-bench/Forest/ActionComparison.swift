internal import CBench
import Forest

/// Actions of a job that differ in a few features: as such, and as rows that share nothing.
struct ActionComparison {
    /// Six features: among the strongest and the weakest of the pool's.
    static let varyingFeatures = [0, 1, 8, 16, 24, 32]
    /// Jobs of a call: one alone, and a batch.
    static let jobCounts = [1, 64]

    let forest: Forest
    let pool: RowPool
    let rounds: Int

    /// Calls whose jobs are rows of the pool which follow each other; one call is not timed.
    private struct Task {
        let jobs: Int
        let actions: Int
        let calls: Int
        /// Row-major: a row a job, what varies of each action, and each action as a row.
        let shared: [Float]
        let varying: [Float]
        let whole: [Float]

        init(jobs: Int, actions: Int, round: Int, pool: RowPool) {
            self.jobs = jobs
            self.actions = actions
            calls = max(1, min(256, 4096 / (jobs * actions)))
            var random = RandomBits(seed: UInt64(round))
            let jobCount = jobs * (calls + 1)
            let firstJob = Int.random(in: 0...pool.rowCount - jobCount, using: &random)
            let firstAction = Int.random(in: 0...pool.rowCount - jobCount * actions, using: &random)
            let shared = pool.rows(firstJob, count: jobCount)
            var varying: [Float] = []
            var whole: [Float] = []
            for job in 0..<jobCount {
                for action in 0..<actions {
                    let values = pool.rows(firstAction + job * actions + action, count: 1)
                    var row = Array(shared.dropFirst(job * RowPool.featureCount).prefix(RowPool.featureCount))
                    for feature in varyingFeatures {
                        row[feature] = values[values.startIndex + feature]
                        varying.append(row[feature])
                    }
                    whole += row
                }
            }
            self.shared = Array(shared)
            self.varying = varying
            self.whole = whole
        }
    }

    func run(_ actionCounts: [Int], into report: inout Report) throws {
        report.print(
            """

            actions of a job that differ in \(Self.varyingFeatures.count) of \(RowPool.featureCount) features, \(forest.treeCount) trees: \
            microseconds per action
            """)
        var table = TextTable(["path", "jobs x actions", "as rows", "as actions", "rows / actions", "differ"])
        for path in ForestPath.allCases.reversed() where path.isSupported && path != .reference {
            for jobs in Self.jobCounts {
                for actions in actionCounts {
                    let (times, differing) = try measure(path, jobs: jobs, actions: actions)
                    table.add(
                        [path.rawValue, "\(jobs) x \(actions)"] + times.map(Report.short)
                            + [Report.short(times[0] / times[1]), "\(differing)"])
                    let prefix = "actions.\(path.rawValue).\(jobs)x\(actions)"
                    report.add("\(prefix).rows_us_per_action", times[0])
                    report.add("\(prefix).actions_us_per_action", times[1])
                    report.add("\(prefix).gain", times[0] / times[1])
                    report.add("\(prefix).mismatching_rows", differing)
                }
            }
        }
        report.print(table.text)
    }

    /// Microseconds per action as rows and as actions, and the margins that differ.
    private func measure(_ path: ForestPath, jobs: Int, actions: Int) throws -> (times: [Double], differing: Int) {
        let prepared = ForestActions(forest, varyingFeatures: Self.varyingFeatures)
        var differing = 0
        let contenders = [
            Contender<Task>(name: "rows") { task in
                var margins = [Float](repeating: 0, count: jobs * actions)
                let step = margins.count * RowPool.featureCount
                return repeated(task) { call in
                    var output = margins.mutableSpan
                    forest.margins(of: task.whole.span.extracting(call * step..<(call + 1) * step), into: &output, path: path)
                }
            },
            Contender<Task>(name: "actions") { task in
                var margins = [Float](repeating: 0, count: jobs * actions)
                let counts = [Int](repeating: actions, count: jobs)
                let (rowStep, valueStep) = (jobs * RowPool.featureCount, margins.count * Self.varyingFeatures.count)
                let time = repeated(task) { call in
                    var output = margins.mutableSpan
                    prepared.margins(
                        shared: task.shared.span.extracting(call * rowStep..<(call + 1) * rowStep), counts: counts.span,
                        varying: task.varying.span.extracting(call * valueStep..<(call + 1) * valueStep), into: &output, path: path)
                }
                var expected = margins
                var output = expected.mutableSpan
                let step = margins.count * RowPool.featureCount
                forest.margins(
                    of: task.whole.span.extracting(task.calls * step..<(task.calls + 1) * step), into: &output, path: .reference)
                differing += zip(margins, expected).count { $0.bitPattern != $1.bitPattern }
                return time
            },
        ]
        let times = try Turns.medians(contenders, rounds: rounds) { Task(jobs: jobs, actions: actions, round: $0, pool: pool) }
        let scored = Double(Task(jobs: jobs, actions: actions, round: 0, pool: pool).calls * jobs * actions) * 1000
        return (times.map { $0 / scored }, differing)
    }

    /// Nanoseconds for the calls after the first.
    private func repeated(_ task: Task, _ call: (Int) -> Void) -> Double {
        call(0)
        let start = cbench_now()
        for index in 1...task.calls { call(index) }
        return Double(cbench_now() - start)
    }
}
