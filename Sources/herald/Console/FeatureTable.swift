/// A table of features, row-major, missing = NaN.
package struct FeatureTable {
    package private(set) var values: [Float] = []
    package private(set) var count = 0

    /// Reads a CSV without header; empty fields and `nan` are missing, and a line end at the end of the file is no row.
    ///
    /// - Throws: `ConfigurationError` naming line and column.
    package init(csv bytes: [UInt8], columns: Int, name: String) throws {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            let row = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let fields = row.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            guard fields.count == columns else {
                throw ConfigurationError("\(name), line \(index + 1): \(fields.count) columns, but the model has \(columns) features")
            }
            for (column, field) in fields.enumerated() {
                guard let value = Self.value(of: field) else {
                    throw ConfigurationError(
                        "\(name), line \(index + 1), column \(column + 1): '\(String(decoding: field.prefix(40), as: UTF8.self))' is no number"
                    )
                }
                values.append(value)
            }
            count += 1
        }
    }

    private static func value(of field: ArraySlice<UInt8>) -> Float? {
        let text = String(decoding: field, as: UTF8.self)
        return text.isEmpty ? .nan : Float(text)
    }
}
