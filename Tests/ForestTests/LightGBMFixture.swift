import Testing

/// One model that LightGBM trained, with rows and what the library computed for them (`scripts/fixtures/lightgbm_forest.py`).
struct LightGBMFixture {
    static let names = [
        "binary", "sigmoid", "regression", "cross-entropy", "missing-none", "missing-zero", "random-forest", "dart", "one-leaf",
        "leaves-63",
        "leaves-255", "leaves-1023", "categorical", "categorical-zero", "categorical-none",
    ]

    let model: [UInt8]
    let featureCount: Int
    /// Row-major, missing = NaN.
    let rows: [Float]
    let margins: [Double]
    let predictions: [Double]

    init(named name: String) throws {
        model = try Fixture.bytes("lightgbm-\(name).txt")
        let bytes = try Fixture.bytes("lightgbm-\(name).f64")
        func number(_ start: Int, _ count: Int) -> UInt64 { (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) } }
        let (rowCount, columnCount) = (Int(number(0, 4)), Int(number(4, 4)))
        let sums = 8 + 4 * rowCount * columnCount
        try #require(bytes.count == sums + 16 * rowCount)
        featureCount = columnCount
        rows = (0..<rowCount * columnCount).map { Float(bitPattern: UInt32(number(8 + 4 * $0, 4))) }
        margins = (0..<rowCount).map { Double(bitPattern: number(sums + 8 * $0, 8)) }
        predictions = (0..<rowCount).map { Double(bitPattern: number(sums + 8 * (rowCount + $0), 8)) }
    }
}
