internal import CXGBoost

/// A feature matrix with labels in libxgboost's own memory; freed at the end of its life. Belongs to one thread.
struct DMatrix: ~Copyable {
    let handle: DMatrixHandle
    let rowCount: Int

    /// Copies `rows`, row-major with `columnCount` columns, missing = NaN, and one label a row.
    init(rows: [Float], columnCount: Int, labels: [Float], threads: Int) throws(XGBoostError) {
        precondition(rows.count == labels.count * columnCount, "a row for each label")
        var created: DMatrixHandle?
        try xgboost("XGDMatrixCreateFromMat_omp") {
            XGDMatrixCreateFromMat_omp(
                rows, bst_ulong(labels.count), bst_ulong(columnCount), .nan, &created, Int32(clamping: threads))
        }
        guard let created else { throw XGBoostError.noResult(of: "XGDMatrixCreateFromMat_omp") }
        // From here on the deinitialiser frees it, also when what follows throws.
        handle = created
        rowCount = labels.count
        try xgboost("XGDMatrixSetFloatInfo") {
            XGDMatrixSetFloatInfo(created, "label", labels, bst_ulong(labels.count))
        }
    }

    deinit {
        XGDMatrixFree(handle)
    }
}
