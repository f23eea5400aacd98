/// A table of features, row-major, missing = NaN.
struct FeatureTable {
    private(set) var values: [Float] = []
    private(set) var count = 0

    /// Reads a CSV without header; empty fields and `nan` are missing.
    ///
    /// - Throws: `ConfigurationError` naming line and column.
    init(csv bytes: [UInt8], columns: Int, name: String) throws {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let row = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if row.isEmpty && (columns > 1 || index == bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count - 1) {
                continue
            }
            let fields = row.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            guard fields.count == columns else {
                throw ConfigurationError("\(name), line \(index + 1): \(fields.count) columns, but the model has \(columns) features")
            }
            for (column, field) in fields.enumerated() {
                let text = String(decoding: field, as: UTF8.self)
                guard let value = text.isEmpty ? .nan : Float(text) else {
                    throw ConfigurationError("\(name), line \(index + 1), column \(column + 1): '\(text.prefix(40))' is no number")
                }
                values.append(value)
            }
            count += 1
        }
    }
}
