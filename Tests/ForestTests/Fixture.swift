import Foundation
import Testing

/// One model that XGBoost trained, with rows and what the library computed for them (`scripts/fixtures/forest.py`).
struct Fixture: CustomTestStringConvertible, Sendable {
    /// `<case>-<version of XGBoost>`.
    let name: String
    let featureCount: Int
    /// Row-major, missing = NaN.
    let rows: [Float]
    let margins: [Float]
    let predictions: [Float]

    var testDescription: String { name }

    init(named name: String) throws {
        self.name = name
        let words = try Self.bytes("\(name).f32").words
        let (rowCount, columnCount) = (Int(words[0]), Int(words[1]))
        featureCount = columnCount
        let floats = words.dropFirst(2).map(Float.init(bitPattern:))
        try #require(floats.count == rowCount * (columnCount + 2))
        rows = Array(floats.prefix(rowCount * columnCount))
        margins = Array(floats.dropFirst(rowCount * columnCount).prefix(rowCount))
        predictions = Array(floats.suffix(rowCount))
    }

    /// The model, in the format of the extension `json` or `ubj`.
    func model(_ format: String) throws -> [UInt8] {
        try Self.bytes("\(name).\(format)")
    }

    static func bytes(_ file: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return Array(try Data(contentsOf: folder.appendingPathComponent(file)))
    }

    /// The names of all fixtures.
    static let names: [String] = {
        let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
        let files = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
        return files.filter { $0.hasSuffix(".f32") }.map { String($0.dropLast(4)) }.sorted()
    }()
}

extension [UInt8] {
    /// The bytes as little-endian words.
    fileprivate var words: [UInt32] {
        stride(from: 0, to: count - 3, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(self[start + $1]) << UInt32(8 * $1) }
        }
    }
}
