import Foundation

/// An engine of `make bench-peers`, in a process of its own (`scripts/bench/peer.py` has the requests).
final class PeerEngine {
    let name: String
    /// As the engine itself tells it.
    private(set) var version = ""
    private let process: PeerProcess
    /// Nanoseconds of the tasks since `takePython` that were Python's.
    private var pythonTimes: [Double] = []

    /// The engines there are, in the order of the tables.
    ///
    /// YDF makes a model of its own.
    static let names = ["xgboost", "lightgbm", "treelite", "tl2cgen", "onnxruntime", "lignum", "lignum-compiled", "ydf"]

    init(_ name: String, environment folder: String, pool: (path: String, rowCount: Int)) throws {
        self.name = name
        let package = name == "lignum-compiled" ? "lignum" : name
        if let reason = try? String(contentsOfFile: "\(folder)/absent/\(package)", encoding: .utf8) {
            throw BenchmarkError("not installed: \(reason.split(separator: "\n").last ?? "for no reason given")")
        }
        let script = "scripts/bench/peer.py"
        guard FileManager.default.fileExists(atPath: script) else {
            throw BenchmarkError("'\(script)' is not here: start herald-bench in the project's folder")
        }
        process = try PeerProcess(
            name, executable: "\(folder)/bin/python", arguments: [script, name, folder],
            environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"],
            log: "\(pool.path).\(name).log")
        version = try process.ask("rows \(pool.path) \(pool.rowCount) \(RowPool.featureCount)").joined(separator: " ")
    }

    /// What loading a model took.
    struct Loading {
        let milliseconds: Double
        /// Growth of the heap, bytes.
        let bytes: Double
    }

    /// - Throws: `BenchmarkError` where the engine does not read such a model.
    func load(_ path: String) throws -> Loading {
        let figures = try process.figures("load \(path)")
        guard figures.count == 2 else { throw BenchmarkError("\(name) answers \(figures.count) figures to load") }
        return Loading(milliseconds: figures[0] / 1e6, bytes: figures[1])
    }

    /// Trains and writes a model, by the engine itself, on rows and labels from files.
    func train(_ path: String, rows: String, labels: String, trees: Int, leaves: Int) throws {
        _ = try process.ask("train \(path) \(rows) \(labels) \(trees) \(leaves)")
    }

    /// Nanoseconds for a task.
    func time(_ task: ScoreTask) throws -> Double {
        let figures = try process.figures("time \(task.firstRow) \(task.rowsPerCall) \(task.calls)")
        guard figures.count == 2 else { throw BenchmarkError("\(name) answers \(figures.count) figures to time") }
        pythonTimes.append(figures[1])
        return figures[0]
    }

    /// How many nanoseconds of the tasks since the last question were Python's, as a median: 0 where the engine is called from C.
    func takePython() -> Double {
        defer { pythonTimes = [] }
        return pythonTimes.isEmpty ? 0 : Turns.median(pythonTimes)
    }

    /// The margins of the pool's first rows, as doubles.
    func margins(rowCount: Int, by path: String) throws -> [Double] {
        _ = try process.ask("margins \(rowCount) \(path)")
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }
}
