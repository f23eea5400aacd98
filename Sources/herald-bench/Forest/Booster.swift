internal import CBench
internal import CXGBoost

/// A model in the memory of the libxgboost that is linked, used by its C interface.
final class Booster {
    private let handle: BoosterHandle
    private let threads: Int

    static var version: String {
        var (major, minor, patch) = (Int32(0), Int32(0), Int32(0))
        XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    private init(_ handle: BoosterHandle, threads: Int) {
        self.handle = handle
        self.threads = threads
    }

    deinit {
        XGBoosterFree(handle)
    }

    /// Reads a model that one thread will use.
    convenience init(ubjson: [UInt8]) throws {
        var created: BoosterHandle?
        try Self.check(XGBoosterCreate(nil, 0, &created))
        guard let created else { throw BenchmarkError("libxgboost made no booster") }
        self.init(created, threads: 1)
        try Self.check(XGBoosterSetParam(created, "nthread", "1"))
        try Self.check(XGBoosterLoadModelFromBuffer(created, ubjson, bst_ulong(ubjson.count)))
        try Self.check(XGBoosterSetParam(created, "nthread", "1"))
    }

    /// Trains on the whole pool.
    static func trained(on pool: RowPool, trees: Int, depth: Int, threads: Int) throws -> Booster {
        var matrix: DMatrixHandle?
        try check(
            XGDMatrixCreateFromMat_omp(
                pool.values, bst_ulong(pool.rowCount), bst_ulong(RowPool.featureCount), .nan, &matrix, Int32(threads)))
        defer { XGDMatrixFree(matrix) }
        try check(XGDMatrixSetFloatInfo(matrix, "label", pool.labels, bst_ulong(pool.rowCount)))
        var created: BoosterHandle?
        try check(XGBoosterCreate([matrix], 1, &created))
        guard let created else { throw BenchmarkError("libxgboost made no booster") }
        let booster = Booster(created, threads: threads)
        let parameters = [
            ("objective", "binary:logistic"), ("tree_method", "hist"), ("max_depth", "\(depth)"), ("eta", "0.1"), ("seed", "1"),
            ("base_score", "0.5"), ("nthread", "\(threads)"), ("verbosity", "0"),
        ]
        for (name, value) in parameters { try check(XGBoosterSetParam(created, name, value)) }
        for round in 0..<trees { try check(XGBoosterUpdateOneIter(created, Int32(round), matrix)) }
        return booster
    }

    /// The first `count` trees, as a document.
    func ubjson(firstTrees count: Int) throws -> [UInt8] {
        var sliced: BoosterHandle?
        try Self.check(XGBoosterSlice(handle, 0, Int32(count), 1, &sliced))
        defer { XGBoosterFree(sliced) }
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try Self.check(XGBoosterSaveModelToBuffer(sliced, #"{"format":"ubj"}"#, &length, &bytes))
        guard let bytes else { throw BenchmarkError("libxgboost wrote no model") }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }

    /// The model as a JSON document.
    func json() throws -> [UInt8] {
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try Self.check(XGBoosterSaveModelToBuffer(handle, #"{"format":"json"}"#, &length, &bytes))
        guard let bytes else { throw BenchmarkError("libxgboost wrote no model") }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }

    /// Margins of `rows` row-major rows in place; they live until the next call.
    private func predict(_ values: UnsafePointer<Float>, rows: Int) throws -> UnsafePointer<Float> {
        let array = """
            {"data":[\(UInt(bitPattern: values)),true],"shape":[\(rows),\(RowPool.featureCount)],"typestr":"<f4","version":3}
            """
        let request = #"{"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN,"cache_id":0}"#
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        try Self.check(XGBoosterPredictFromDense(handle, array, request, nil, &shape, &dimensions, &result))
        guard let result else { throw BenchmarkError("libxgboost predicted nothing") }
        return result
    }

    func margins(of rows: ArraySlice<Float>) throws -> [Float] {
        let count = rows.count / RowPool.featureCount
        return try Array(rows).withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return [] }
            return Array(UnsafeBufferPointer(start: try predict(first, rows: count), count: count))
        }
    }

    /// Nanoseconds for a task on rows that have been copied.
    func time(_ task: ScoreTask, _ rows: [Float]) throws -> Double {
        try rows.withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return 0 }
            let step = task.rowsPerCall * RowPool.featureCount
            _ = try predict(first, rows: task.rowsPerCall)
            let start = cbench_now()
            for call in 1...task.calls { _ = try predict(first + call * step, rows: task.rowsPerCall) }
            return Double(cbench_now() - start)
        }
    }

    private static func check(_ code: Int32) throws {
        guard code == 0 else {
            throw BenchmarkError("libxgboost: " + (XGBGetLastError().map { String(cString: $0) } ?? "code \(code)"))
        }
    }
}
