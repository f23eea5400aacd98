import Forest

/// What the engine is meant to reach, held against the figures of a run.
struct ForestTargets {
    let report: Report

    private static let model = "xgboost-300x6"
    private static let rivals = ["libxgboost"] + PeerEngine.names

    /// One line a target that the run has the figures for.
    func table() -> TextTable {
        var table = TextTable(["target", "measured", "at most", ""])
        func add(_ name: String, _ measured: Double?, atMost limit: Double) {
            guard let measured, measured.isFinite else { return }
            table.add([name, Report.short(measured), Report.short(limit), measured <= limit ? "met" : "missed"])
        }
        let best = best
        add("512 rows: time / YDF's", ratio(best, to: ["ydf"], rows: 512), atMost: 1 / 8)
        add("512 rows: time / libxgboost's, the fastest", ratio(best, to: ["libxgboost", "xgboost"], rows: 512), atMost: 1 / 30)
        add("512 rows: AVX2's time / the fastest peer's", ratio("avx2", to: Self.rivals, rows: 512), atMost: 1)
        add("512 rows: portable time / libxgboost's, the fastest", ratio("portable", to: ["libxgboost", "xgboost"], rows: 512), atMost: 1)
        add("one row: time / the fastest peer's, called from C", ratio(best, to: Self.rivals, rows: 1), atMost: 1 / 3)
        add("36 actions of one job: time / 36 rows'", report.value("actions.\(best).1x36.gain").map { 1 / $0 }, atMost: 1 / 3)
        add("load of 300 trees, ms", report.value("\(Self.model).\(best).load_ms"), atMost: 20)
        add("load of 300 trees from JSON, ms", report.value("\(Self.model).load_json_ms"), atMost: 20)
        add("margins that differ, all paths and models", mismatches, atMost: 0)
        return table
    }

    private var best: String {
        ForestPath.allCases.last { $0.isSupported }?.rawValue ?? ForestPath.portable.rawValue
    }

    /// Our time by that of the fastest of the others, without what calls through Python cost these.
    private func ratio(_ path: String, to others: [String], rows: Int) -> Double? {
        let times = others.compactMap { name in
            report.value("\(Self.model).\(name).rows_\(rows).us_per_row").map {
                $0 - (report.value("\(Self.model).\(name).rows_\(rows).python_us_per_row") ?? 0)
            }
        }
        guard let own = report.value("\(Self.model).\(path).rows_\(rows).us_per_row"), let fastest = times.min() else { return nil }
        return own / fastest
    }

    private var mismatches: Double? {
        let paths = ForestPath.allCases.map(\.rawValue)
        return report.values.filter { name, _ in
            name.hasSuffix(".mismatching_rows") && name.split(separator: ".").contains { paths.contains(String($0)) }
        }.map(\.value).reduce(0, +)
    }
}
