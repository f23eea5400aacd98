import Forest

/// One model and everything that scores it.
struct Comparison {
    /// As in `xgboost-300x6`.
    let name: String
    private let treeCount: Int
    private var entries: [Entry] = []

    private struct Entry {
        let name: String
        let contender: Contender<ScoreTask>
        let loadMilliseconds: Double
        let heapBytes: Double
        /// Margins of that many first rows of the pool; `nil` where it has a model of its own.
        let margins: ((Int) throws -> [Double])?
        /// The path, where it is ours.
        var path: ForestPath?
        /// Median nanoseconds of a task that are Python's, of the tasks since it was asked last.
        var python: () -> Double = { 0 }
    }

    /// Results of one number of rows.
    private struct Result {
        let rows: Int
        /// Microseconds a row, by entry.
        let microseconds: [Double]
        /// The share of it that a call through Python costs.
        let python: [Double]
    }

    init(name: String, treeCount: Int) {
        self.name = name
        self.treeCount = treeCount
    }

    // MARK: Contenders

    /// Adds the fast paths of this machine, the fastest first.
    mutating func add(_ pool: RowPool, _ load: () throws -> Forest) throws {
        let (bytes, forest) = try Footprint.of(load)
        let milliseconds = try Self.loadTime(load)
        for path in ForestPath.allCases.reversed() where path.isSupported && path != .reference {
            let timer = ForestTimer(forest: forest, path: path, pool: pool)
            entries.append(
                Entry(
                    name: "herald \(path.rawValue)", contender: Contender(name: path.rawValue) { timer.time($0) },
                    loadMilliseconds: milliseconds, heapBytes: Double(bytes), margins: { timer.margins(rowCount: $0) }, path: path))
        }
    }

    /// Adds the linked libxgboost.
    mutating func add(_ pool: RowPool, _ load: () throws -> Booster) throws {
        let (bytes, booster) = try Footprint.of(load)
        entries.append(
            Entry(
                name: "libxgboost \(Booster.version)",
                contender: Contender(name: "libxgboost") { task in
                    try booster.time(task, Array(pool.rows(task.firstRow, count: task.rowCount)))
                },
                loadMilliseconds: try Self.loadTime(load), heapBytes: Double(bytes),
                margins: { count in try booster.margins(of: pool.rows(0, count: count)).map(Double.init) }))
    }

    /// Adds a peer, if it reads the model; else the report says why not.
    mutating func add(_ engine: PeerEngine, _ path: String, hasOwnModel: Bool = false, into report: inout Report) {
        do {
            let loading = try engine.load(path)
            let scratch = "\(path).\(engine.name).margins"
            entries.append(
                Entry(
                    name: "\(engine.name) \(engine.version)", contender: Contender(name: engine.name) { try engine.time($0) },
                    loadMilliseconds: loading.milliseconds, heapBytes: loading.bytes,
                    margins: hasOwnModel ? nil : { try engine.margins(rowCount: $0, by: scratch) }, python: { engine.takePython() }))
        } catch {
            report.print("\(name): \(error)")
            report.add("\(name).\(engine.name).absent", "\(error)")
        }
    }

    /// Median milliseconds of several loads.
    static func loadTime<Model>(_ load: () throws -> Model) throws -> Double {
        Turns.median(try (0..<7).map { _ in try Stopwatch.nanoseconds(load) }) / 1e6
    }

    // MARK: Measurement

    /// Measures and reports.
    ///
    /// - Parameter reference: the entry whose margins the others must have, as their names begin.
    func run(
        _ pool: RowPool, rows: [Int], rounds: Int, rate: Double, reference: String, isSingle: Bool, into report: inout Report
    ) throws {
        let mismatches = try mismatches(with: reference, isSingle: isSingle)
        let results = try rows.map { rowsPerCall in
            let times = try Turns.medians(entries.map(\.contender), rounds: rounds) {
                ScoreTask(rowsPerCall: rowsPerCall, round: $0, pool: pool)
            }
            let scored = Double(ScoreTask(rowsPerCall: rowsPerCall, round: 0, pool: pool).calls * rowsPerCall) * 1000
            return Result(rows: rowsPerCall, microseconds: times.map { $0 / scored }, python: entries.map { $0.python() / scored })
        }
        print(results, mismatches, rate, in: report)
        record(results, mismatches, rate, in: &report)
    }

    /// Rows whose margins differ from the reference's, of those checked; `nil` where they cannot be compared.
    private func mismatches(with reference: String, isSingle: Bool) throws -> [Int?] {
        guard let expected = try entries.first(where: { $0.name.hasPrefix(reference) })?.margins?(ForestBenchmark.checkedRows) else {
            throw BenchmarkError("\(name): there is no \(reference) to compare margins with")
        }
        return try entries.map { entry in
            guard let margins = try entry.margins?(ForestBenchmark.checkedRows) else { return nil }
            return zip(margins, expected).count {
                isSingle ? Float($0).bitPattern != Float($1).bitPattern : $0.bitPattern != $1.bitPattern
            }
        }
    }

    // MARK: Report

    private func print(_ results: [Result], _ mismatches: [Int?], _ rate: Double, in report: Report) {
        report.print("\n\(name): microseconds per row, by rows per call (in brackets without what a call through Python costs)")
        var table = TextTable([""] + results.map { "\($0.rows)" })
        for (index, entry) in entries.enumerated() {
            table.add(
                [entry.name]
                    + results.map {
                        let own = $0.python[index] > 0 ? " (\(Report.short($0.microseconds[index] - $0.python[index])))" : ""
                        return Report.short($0.microseconds[index]) + own
                    })
        }
        report.print(table.text)
        report.print("times the time of \(entries[0].name)")
        table = TextTable([""] + results.map { "\($0.rows)" })
        for (index, entry) in entries.enumerated().dropFirst() {
            table.add([entry.name] + results.map { Report.short($0.microseconds[index] / $0.microseconds[0]) })
        }
        report.print(table.text)
        report.print("core cycles per row and tree; loading; margins that differ among \(ForestBenchmark.checkedRows) rows")
        table = TextTable([""] + results.map { "\($0.rows)" } + ["load ms", "heap KiB", "differ"])
        for (index, entry) in entries.enumerated() {
            table.add(
                [entry.name] + results.map { Report.short($0.microseconds[index] * 1000 * rate / Double(treeCount)) }
                    + [
                        Report.short(entry.loadMilliseconds), "\(Int(entry.heapBytes / 1024))",
                        mismatches[index].map { "\($0)" } ?? "own model",
                    ])
        }
        report.print(table.text)
    }

    private func record(_ results: [Result], _ mismatches: [Int?], _ rate: Double, in report: inout Report) {
        for (index, entry) in entries.enumerated() {
            let prefix = "\(name).\(entry.contender.name)"
            for result in results {
                report.add("\(prefix).rows_\(result.rows).us_per_row", result.microseconds[index])
                report.add("\(prefix).rows_\(result.rows).ratio", result.microseconds[index] / result.microseconds[0])
                report.add(
                    "\(prefix).rows_\(result.rows).cycles_per_row_and_tree", result.microseconds[index] * 1000 * rate / Double(treeCount))
                if result.python[index] > 0 { report.add("\(prefix).rows_\(result.rows).python_us_per_row", result.python[index]) }
            }
            report.add("\(prefix).load_ms", entry.loadMilliseconds)
            report.add("\(prefix).heap_bytes", entry.heapBytes)
            if let count = mismatches[index] { report.add("\(prefix).mismatching_rows", count) }
        }
    }
}
