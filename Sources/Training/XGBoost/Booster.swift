internal import CXGBoost

/// A model in training in libxgboost's own memory; freed at the end of its life.
///
/// Belongs to one thread.
struct Booster: ~Copyable {
    let handle: BoosterHandle

    deinit {
        XGBoosterFree(handle)
    }

    /// A booster without trees, which remembers its predictions for the two matrices from round to round.
    static func untrained(
        parameters: [(name: String, value: String)], training: borrowing DMatrix, validation: borrowing DMatrix
    ) throws(XGBoostError) -> Booster {
        let matrices: [DMatrixHandle?] = [training.handle, validation.handle]
        var created: BoosterHandle?
        try xgboost("XGBoosterCreate") { XGBoosterCreate(matrices, bst_ulong(matrices.count), &created) }
        guard let created else { throw XGBoostError.noResult(of: "XGBoosterCreate") }
        let booster = Booster(handle: created)
        for parameter in parameters {
            try xgboost("XGBoosterSetParam") { XGBoosterSetParam(created, parameter.name, parameter.value) }
        }
        return booster
    }

    /// A model from its UBJSON document.
    static func loaded(ubjson: [UInt8], threads: Int) throws(XGBoostError) -> Booster {
        var created: BoosterHandle?
        try xgboost("XGBoosterCreate") { XGBoosterCreate(nil, 0, &created) }
        guard let created else { throw XGBoostError.noResult(of: "XGBoosterCreate") }
        let booster = Booster(handle: created)
        try xgboost("XGBoosterLoadModelFromBuffer") { XGBoosterLoadModelFromBuffer(created, ubjson, bst_ulong(ubjson.count)) }
        try xgboost("XGBoosterSetParam") { XGBoosterSetParam(created, "nthread", "\(threads)") }
        return booster
    }

    /// Adds one round: a tree, or as many as grow side by side.
    ///
    /// `round` counts from 0.
    mutating func boost(round: Int, on matrix: borrowing DMatrix) throws(XGBoostError) {
        let (booster, training) = (handle, matrix.handle)
        try xgboost("XGBoosterUpdateOneIter") { XGBoosterUpdateOneIter(booster, Int32(clamping: round), training) }
    }

    /// The margin of each row, by all trees.
    func margins(of matrix: borrowing DMatrix) throws(XGBoostError) -> [Float] {
        let (booster, data) = (handle, matrix.handle)
        // Type 1: the sum before the objective's transformation.
        let request = #"{"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        try xgboost("XGBoosterPredictFromDMatrix") {
            XGBoosterPredictFromDMatrix(booster, data, request, &shape, &dimensions, &result)
        }
        guard let shape, let result, dimensions == 1, Int(shape[0]) == matrix.rowCount else {
            throw XGBoostError.noResult(of: "XGBoosterPredictFromDMatrix")
        }
        return Array(UnsafeBufferPointer(start: result, count: matrix.rowCount))
    }

    /// A copy with only the first `count` rounds.
    func prefix(rounds count: Int) throws(XGBoostError) -> Booster {
        let booster = handle
        var sliced: BoosterHandle?
        try xgboost("XGBoosterSlice") { XGBoosterSlice(booster, 0, Int32(clamping: count), 1, &sliced) }
        guard let sliced else { throw XGBoostError.noResult(of: "XGBoosterSlice") }
        return Booster(handle: sliced)
    }

    /// Names the features, so that the saved model says what its columns are.
    mutating func setFeatureNames(_ names: [String]) throws(XGBoostError) {
        let booster = handle
        try withCStrings(names) { (pointers) throws(XGBoostError) in
            try xgboost("XGBoosterSetStrFeatureInfo") {
                XGBoosterSetStrFeatureInfo(booster, "feature_name", pointers.baseAddress, bst_ulong(pointers.count))
            }
        }
    }

    /// The model as a UBJSON document.
    func ubjson() throws(XGBoostError) -> [UInt8] {
        let booster = handle
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try xgboost("XGBoosterSaveModelToBuffer") {
            XGBoosterSaveModelToBuffer(booster, #"{"format":"ubj"}"#, &length, &bytes)
        }
        guard let bytes else { throw XGBoostError.noResult(of: "XGBoosterSaveModelToBuffer") }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }
}

/// Lends `texts` as an array of C strings.
private func withCStrings(
    _ texts: [String], _ body: (UnsafeMutableBufferPointer<UnsafePointer<CChar>?>) throws(XGBoostError) -> Void
) throws(XGBoostError) {
    // One block with all strings, each with its zero, so that their addresses hold together.
    let bytes: [CChar] = texts.flatMap { text in text.utf8CString }
    let storage = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
    defer { storage.deallocate() }
    _ = storage.initialize(from: bytes)
    let pointers = UnsafeMutableBufferPointer<UnsafePointer<CChar>?>.allocate(capacity: texts.count)
    defer { pointers.deallocate() }
    var offset = 0
    for (index, text) in texts.enumerated() {
        pointers.initializeElement(at: index, to: storage.baseAddress.map { UnsafePointer($0 + offset) })
        offset += text.utf8CString.count
    }
    try body(pointers)
}
