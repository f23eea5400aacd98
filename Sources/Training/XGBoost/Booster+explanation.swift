internal import CXGBoost

extension Booster {
    /// The margin of each row by the first `rounds` trees.
    func margins(of matrix: borrowing DMatrix, rounds: Int) throws(XGBoostError) -> [Float] {
        let (booster, data) = (handle, matrix.handle)
        let request = #"{"type":1,"training":false,"iteration_begin":0,"iteration_end":\#(rounds),"strict_shape":false}"#
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

    /// The sum of the loss reductions of all splits on each feature, by its name; a feature without a split is missing.
    func totalGains() throws(XGBoostError) -> [String: Double] {
        let booster = handle
        var count: bst_ulong = 0
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var dimensions: bst_ulong = 0
        var shape: UnsafePointer<bst_ulong>?
        var scores: UnsafePointer<Float>?
        try xgboost("XGBoosterFeatureScore") {
            XGBoosterFeatureScore(booster, #"{"importance_type":"total_gain"}"#, &count, &names, &dimensions, &shape, &scores)
        }
        // A model without a split has no names.
        guard count > 0 else { return [:] }
        guard let names, let scores, dimensions == 1, let shape, shape[0] == count else {
            throw XGBoostError.noResult(of: "XGBoosterFeatureScore")
        }
        var gains: [String: Double] = [:]
        for index in 0..<Int(count) {
            guard let name = names[index] else { throw XGBoostError.noResult(of: "XGBoosterFeatureScore") }
            gains[String(cString: name)] = Double(scores[index])
        }
        return gains
    }

    /// What each feature adds to the margin of each row, row-major, and at the end of each row what all rows begin with.
    ///
    /// Exact TreeSHAP: Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles" (2018). The sum over a row
    /// is its margin.
    ///
    /// - Parameter isExact: `false` = by the path of each row instead.
    func contributions(of matrix: borrowing DMatrix, featureCount: Int, isExact: Bool = true) throws(XGBoostError) -> [Float] {
        let (booster, data) = (handle, matrix.handle)
        let request = #"{"type":\#(isExact ? 2 : 3),"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        try xgboost("XGBoosterPredictFromDMatrix") {
            XGBoosterPredictFromDMatrix(booster, data, request, &shape, &dimensions, &result)
        }
        guard let shape, let result, dimensions == 2, Int(shape[0]) == matrix.rowCount, Int(shape[1]) == featureCount + 1 else {
            throw XGBoostError.noResult(of: "XGBoosterPredictFromDMatrix")
        }
        return Array(UnsafeBufferPointer(start: result, count: matrix.rowCount * (featureCount + 1)))
    }
}
