/// What each feature adds to the margins of some rows, in log-odds (exact TreeSHAP).
package struct Contributions: Sendable {
    package let rowCount: Int
    private let columnCount: Int
    /// Row-major, behind each row what all rows begin with.
    private let values: [Float]

    /// Explains `rows`, row-major with `columnCount` columns, missing = NaN, by a model as libxgboost wrote it.
    ///
    /// - Parameter isExact: `false` = by the path of each row instead of TreeSHAP.
    package init(ubjson: [UInt8], rows: [Float], columnCount: Int, threads: Int, isExact: Bool = true) throws(XGBoostError) {
        let booster = try Booster.loaded(ubjson: ubjson, threads: threads)
        try self.init(booster, rows: rows, columnCount: columnCount, threads: threads, isExact: isExact)
    }

    init(_ booster: borrowing Booster, rows: [Float], columnCount: Int, threads: Int, isExact: Bool = true) throws(XGBoostError) {
        precondition(columnCount > 0 && rows.count % columnCount == 0, "whole rows")
        rowCount = rows.count / columnCount
        self.columnCount = columnCount
        guard rowCount > 0 else {
            values = []
            return
        }
        // The labels are not looked at.
        let matrix = try DMatrix.copying(
            LabelledRows(features: rows, labels: Array(repeating: 0, count: rowCount)), columnCount: columnCount, threads: threads)
        values = try booster.contributions(of: matrix, featureCount: columnCount, isExact: isExact)
    }

    /// What a feature adds to a row's margin.
    package func value(row: Int, feature: Int) -> Float {
        values[row * (columnCount + 1) + feature]
    }

    /// The margin of a row: the sum of what its features add and of what all rows begin with.
    package func margin(row: Int) -> Double {
        values[row * (columnCount + 1)..<(row + 1) * (columnCount + 1)].reduce(0) { $0 + Double($1) }
    }

    /// The mean size of what a feature adds; 0 without rows.
    package func meanAbsolute(_ feature: Int) -> Double {
        guard rowCount > 0 else { return 0 }
        return (0..<rowCount).reduce(0) { $0 + Double(abs(value(row: $1, feature: feature))) } / Double(rowCount)
    }
}
