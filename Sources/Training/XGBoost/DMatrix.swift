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
        try copying(rows: rows.features, columnCount: columnCount, labels: rows.labels, threads: threads)
    }

    /// Copies `rows`, row-major with `columnCount` columns, missing = NaN, and one label a row.
    static func copying(rows: [Float], columnCount: Int, labels: [Float], threads: Int) throws(XGBoostError) -> DMatrix {
        precondition(rows.count == labels.count * columnCount, "a row for each label")
        var created: DMatrixHandle?
        try xgboost("XGDMatrixCreateFromMat_omp") {
            XGDMatrixCreateFromMat_omp(
                rows, bst_ulong(labels.count), bst_ulong(columnCount), .nan, &created, Int32(clamping: threads))
        }
        guard let created else { throw XGBoostError.noResult(of: "XGDMatrixCreateFromMat_omp") }
        let matrix = DMatrix(handle: created, rowCount: labels.count)
        try xgboost("XGDMatrixSetFloatInfo") {
            XGDMatrixSetFloatInfo(created, "label", labels, bst_ulong(labels.count))
        }
        return matrix
    }
}
