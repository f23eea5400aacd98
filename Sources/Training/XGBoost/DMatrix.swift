internal import CXGBoost

/// A feature matrix with labels in libxgboost's own memory; freed at the end of its life.
///
/// Belongs to one thread.
struct DMatrix: ~Copyable {
    let handle: DMatrixHandle
    let rowCount: Int

    private init(handle: DMatrixHandle, rowCount: Int) {
        self.handle = handle
        self.rowCount = rowCount
    }

    deinit {
        XGDMatrixFree(handle)
    }

    /// Copies the rows as they are, eight bytes a value.
    static func copying(_ rows: LabelledRows, columnCount: Int, threads: Int) throws(XGBoostError) -> DMatrix {
        precondition(rows.features.count == rows.count * columnCount, "a row for each label")
        var created: DMatrixHandle?
        try xgboost("XGDMatrixCreateFromMat_omp") {
            XGDMatrixCreateFromMat_omp(
                rows.features, bst_ulong(rows.count), bst_ulong(columnCount), .nan, &created, Int32(clamping: threads))
        }
        guard let created else { throw XGBoostError.noResult(of: "XGDMatrixCreateFromMat_omp") }
        let matrix = DMatrix(handle: created, rowCount: rows.count)
        try matrix.set(rows.labels)
        return matrix
    }

    /// Copies only the number of each value's bin, which is all that `hist` looks at: a quarter of the memory of `copying`.
    ///
    /// The rows are read where they are, while this call runs.
    static func binned(
        _ rows: LabelledRows, columnCount: Int, maximumBins: Int, threads: Int
    ) throws(XGBoostError) -> DMatrix {
        precondition(rows.features.count == rows.count * columnCount, "a row for each label")
        var created: DMatrixHandle?
        let source = try RowSource(rows.features, rowCount: rows.count, columnCount: columnCount)
        let context = Unmanaged.passUnretained(source).toOpaque()
        let request = #"{"missing":NaN,"nthread":\#(threads),"max_bin":\#(maximumBins)}"#
        try withExtendedLifetime(source) { () throws(XGBoostError) in
            try xgboost("XGQuantileDMatrixCreateFromCallback") {
                XGQuantileDMatrixCreateFromCallback(
                    context, source.proxy, nil, { Unmanaged<RowSource>.fromOpaque($0!).takeUnretainedValue().reset() },
                    { Unmanaged<RowSource>.fromOpaque($0!).takeUnretainedValue().next() }, request, &created)
            }
        }
        guard let created else { throw XGBoostError.noResult(of: "XGQuantileDMatrixCreateFromCallback") }
        let matrix = DMatrix(handle: created, rowCount: rows.count)
        try matrix.set(rows.labels)
        return matrix
    }

    private func set(_ labels: [Float]) throws(XGBoostError) {
        try xgboost("XGDMatrixSetFloatInfo") {
            XGDMatrixSetFloatInfo(handle, "label", labels, bst_ulong(labels.count))
        }
    }
}

/// Hands the rows to libxgboost batch by batch, as often as it asks for them.
private final class RowSource {
    let proxy: DMatrixHandle
    private let features: [Float]
    private let rowCount: Int
    private let columnCount: Int
    private var isDone = false

    init(_ features: [Float], rowCount: Int, columnCount: Int) throws(XGBoostError) {
        self.features = features
        self.rowCount = rowCount
        self.columnCount = columnCount
        var created: DMatrixHandle?
        try xgboost("XGProxyDMatrixCreate") { XGProxyDMatrixCreate(&created) }
        guard let created else { throw XGBoostError.noResult(of: "XGProxyDMatrixCreate") }
        proxy = created
    }

    deinit {
        XGDMatrixFree(proxy)
    }

    func reset() {
        isDone = false
    }

    /// 1 with the one batch there is, then 0.
    func next() -> Int32 {
        guard !isDone else { return 0 }
        isDone = true
        return features.withUnsafeBufferPointer { features in
            // NumPy's array interface, version 3: the library reads the floats at this address.
            let address = UInt(bitPattern: features.baseAddress)
            let array = #"{"data":[\#(address),true],"shape":[\#(rowCount),\#(columnCount)],"typestr":"<f4","version":3}"#
            return XGProxyDMatrixSetDataDense(proxy, array) == 0 ? 1 : 0
        }
    }
}
