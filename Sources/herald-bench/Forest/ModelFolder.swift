import Foundation

/// The models that are compared, and the rows they are trained on.
struct ModelFolder {
    private let folder: String
    private let training: RowPool
    /// Files with the training rows and their labels, 32-bit floats.
    let rows: String
    let labels: String

    init(_ folder: String, training: RowPool) throws {
        self.folder = folder
        self.training = training
        rows = "\(folder)/training.f32"
        labels = "\(folder)/labels.f32"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try training.write(to: rows)
            try training.labels.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: labels))
        } catch {
            throw BenchmarkError("cannot write to '\(folder)': \(error)")
        }
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw BenchmarkError("cannot read '\(path)'") }
        return Array(data)
    }

    /// The path of the model, trained by the linked libxgboost where it is not there yet.
    func xgboost(trees: Int, depth: Int) throws -> String {
        let path = path("xgboost-\(trees)x\(depth).ubj")
        if FileManager.default.fileExists(atPath: path) { return path }
        let booster = try Booster.trained(on: training, trees: trees, depth: depth, threads: ProcessInfo.processInfo.activeProcessorCount)
        try Data(try booster.ubjson(firstTrees: trees)).write(to: URL(fileURLWithPath: path), options: .atomic)
        return path
    }
}
