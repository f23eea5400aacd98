import Forest

/// Rows one at a time against a block of them: where the engine should change from one to the other.
struct CrossoverComparison {
    static let rowCounts = [2, 4, 6, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64]

    let name: String
    let forest: Forest
    let pool: RowPool
    let rounds: Int

    func run(into report: inout Report) throws {
        report.print("\n\(name): time of a block / time of its rows one at a time, by rows")
        var table = TextTable([""] + Self.rowCounts.map { "\($0)" } + ["block from"])
        for path in ForestPath.allCases.reversed() where path.isSupported && path != .reference {
            let ratios = try Self.rowCounts.map { count in
                let contenders = [ForestBatching.rows, .blocks].map { batching in
                    let timer = ForestTimer(forest: forest, path: path, pool: pool, batching: batching)
                    return Contender<ScoreTask>(name: "") { timer.time($0) }
                }
                let times = try Turns.medians(contenders, rounds: rounds) { ScoreTask(rowsPerCall: count, round: $0, pool: pool) }
                return times[1] / times[0]
            }
            let first = zip(Self.rowCounts, ratios).first { $1 <= 1 }?.0
            table.add([path.rawValue] + ratios.map(Report.short) + [first.map { "\($0)" } ?? "more"])
            report.add("crossover.\(name).\(path.rawValue)", first ?? -1)
        }
        report.print(table.text)
    }
}
