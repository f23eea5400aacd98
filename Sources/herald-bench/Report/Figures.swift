import Foundation

/// Figures by name, in the order in which they came: one flat JSON object.
struct Figures {
    private var lines: [String] = []

    /// `value` is written with six significant digits; what is not finite is `null`.
    mutating func add(_ name: String, _ value: Double) {
        lines.append("\(Self.quoted(name)): \(value.isFinite ? String(format: "%.6g", value) : "null")")
    }

    mutating func add(_ name: String, _ value: Int) {
        lines.append("\(Self.quoted(name)): \(value)")
    }

    mutating func add(_ name: String, _ text: String) {
        lines.append("\(Self.quoted(name)): \(Self.quoted(text))")
    }

    /// Writes the object; the file appears whole or not at all.
    func write(to path: String) throws {
        let text = "{\n  \(lines.joined(separator: ",\n  "))\n}\n"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw BenchmarkError("cannot write '\(path)': \(error.localizedDescription)")
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20: quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
