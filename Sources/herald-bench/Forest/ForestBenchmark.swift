import Forest
import Foundation

/// The forest engine against others.
struct ForestBenchmark {
    static let treeLimit = 500
    static let depth = 6
    static let lightGBMTrees = 300
    private static let trainingRows = 50_000
    private static let poolRows = 1 << 17
    /// Rows whose margins are compared.
    static let checkedRows = 16_384

    var report = Report()
    let rounds: Int
    let pool: RowPool
    let models: ModelFolder
    /// Core cycles per nanosecond.
    let rate: Double
    private(set) var engines: [PeerEngine] = []

    init(folder: String, peers: String, rounds: Int) throws {
        self.rounds = rounds
        rate = CoreClock.cyclesPerNanosecond()
        let training = RowPool(rowCount: Self.trainingRows, seed: 1)
        models = try ModelFolder(folder, training: training)
        // Not a row of the training.
        pool = RowPool(rowCount: Self.poolRows, seed: 2)
        let poolPath = models.path("rows.f32")
        try pool.write(to: poolPath)
        report.print(clock)
        report.add("core_ghz", rate)
        report.add("paths", ForestPath.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: " "))
        for name in PeerEngine.names {
            do {
                let engine = try PeerEngine(name, environment: peers, pool: (poolPath, Self.poolRows))
                engines.append(engine)
                report.print("peer \(name) \(engine.version)")
                report.add("peer.\(name).version", engine.version)
            } catch {
                report.print("peer \(name) is absent: \(error)")
                report.add("peer.\(name).absent", "\(error)")
            }
        }
        report.print("peer libxgboost \(Booster.version), linked")
        report.add("peer.libxgboost.version", Booster.version)
    }

    /// The core's rate now; told at the start and at the end.
    var clock: String { String(format: "core at %.2f GHz", CoreClock.cyclesPerNanosecond()) }

    // MARK: Rows

    mutating func compareXGBoost(trees: Int, rows: [Int]) throws {
        let path = try models.xgboost(trees: trees, depth: Self.depth)
        let bytes = try models.bytes(of: path)
        var comparison = Comparison(name: "xgboost-\(trees)x\(Self.depth)", treeCount: trees)
        try comparison.add(pool) { try Forest(xgboost: bytes) }
        try comparison.add(pool) { try Booster(ubjson: bytes) }
        for engine in engines {
            guard engine.name == "ydf" else {
                comparison.add(engine, path, into: &report)
                continue
            }
            let own = models.path("trees-\(trees)x\(Self.depth).ydf")
            if !FileManager.default.fileExists(atPath: own) { try train(engine, own, trees: trees, leaves: 1 << Self.depth) }
            comparison.add(engine, own, hasOwnModel: true, into: &report)
        }
        try comparison.run(pool, rows: rows, rounds: rounds, rate: rate, reference: "libxgboost", isSingle: true, into: &report)
        if trees == 300 {
            try CrossoverComparison(name: comparison.name, forest: try Forest(xgboost: bytes), pool: pool, rounds: rounds)
                .run(into: &report)
        }
        let json = try Booster(ubjson: bytes).json()
        let milliseconds = try Comparison.loadTime { try Forest(xgboost: json) }
        report.print("the same model as JSON: herald loads it in \(Report.short(milliseconds)) ms")
        report.add("\(comparison.name).load_json_ms", milliseconds)
    }

    mutating func compareLightGBM(leaves: Int, rows: [Int]) throws {
        let path = models.path("lightgbm-\(Self.lightGBMTrees)x\(leaves).txt")
        guard let trainer = engines.first(where: { $0.name == "lightgbm" }) else {
            report.print("\nLightGBM models: absent, there is no peer that trains them")
            return
        }
        if !FileManager.default.fileExists(atPath: path) { try train(trainer, path, trees: Self.lightGBMTrees, leaves: leaves) }
        let bytes = try models.bytes(of: path)
        var comparison = Comparison(name: "lightgbm-\(Self.lightGBMTrees)x\(leaves)", treeCount: Self.lightGBMTrees)
        try comparison.add(pool) { try Forest(lightGBM: bytes) }
        for engine in engines { comparison.add(engine, path, into: &report) }
        try comparison.run(pool, rows: rows, rounds: rounds, rate: rate, reference: "lightgbm", isSingle: false, into: &report)
        try CrossoverComparison(name: comparison.name, forest: try Forest(lightGBM: bytes), pool: pool, rounds: rounds).run(into: &report)
    }

    private func train(_ engine: PeerEngine, _ path: String, trees: Int, leaves: Int) throws {
        report.print("training \(path)")
        try engine.train(path, rows: models.rows, labels: models.labels, trees: trees, leaves: leaves)
    }

    // MARK: Actions

    mutating func compareActions(_ counts: [Int]) throws {
        let forest = try Forest(xgboost: try models.bytes(of: try models.xgboost(trees: 300, depth: Self.depth)))
        let comparison = ActionComparison(forest: forest, pool: pool, rounds: rounds)
        try comparison.run(counts, into: &report)
    }
}
