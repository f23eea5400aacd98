import Foundation

/// An engine of `make bench-peers`, in a process of its own (`scripts/bench/peer.py` has the requests).
final class PeerEngine {
    let name: String
    /// As the engine itself tells it.
    private(set) var version = ""
    private let start: () throws -> PeerProcess
    private var process: PeerProcess
    /// The model that it has loaded.
    private var model: String?
    /// Times that it may end by itself and is started again: YDF's own benchmark sometimes ends its process.
    private var restartsLeft = 20
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
        start = {
            try PeerProcess(
                name, executable: "\(folder)/bin/python", arguments: [script, name, folder],
                environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"],
                log: "\(pool.path).\(name).log", greeting: "rows \(pool.path) \(pool.rowCount) \(RowPool.featureCount)")
        }
        process = try start()
        version = process.greeting.joined(separator: " ")
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
        model = path
        return Loading(milliseconds: figures[0] / 1e6, bytes: figures[1])
    }

    /// Trains and writes a model, by the engine itself, on rows and labels from files.
    func train(_ path: String, rows: String, labels: String, trees: Int, leaves: Int) throws {
        _ = try process.ask("train \(path) \(rows) \(labels) \(trees) \(leaves)")
    }

    /// Nanoseconds for a task.
    func time(_ task: ScoreTask) throws -> Double {
        let request = "time \(task.firstRow) \(task.rowsPerCall) \(task.calls)"
        var answer = try? process.figures(request)
        while answer == nil, !process.isAlive, restartsLeft > 0, let model {
            restartsLeft -= 1
            process = try start()
            _ = try process.figures("load \(model)")
            answer = try? process.figures(request)
        }
        let figures = try answer ?? process.figures(request)
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
