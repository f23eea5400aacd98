import Foundation

/// What a benchmark prints and what it writes.
struct Report {
    private(set) var figures = Figures()
    /// The numbers among the figures, by name.
    private(set) var values: [String: Double] = [:]

    func value(_ name: String) -> Double? {
        values[name]
    }

    /// Prints at once, so that a long run shows where it is.
    func print(_ text: String) {
        FileHandle.standardOutput.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }

    mutating func add(_ name: String, _ value: Double) {
        values[name] = value
        figures.add(name, value)
    }

    mutating func add(_ name: String, _ value: Int) {
        values[name] = Double(value)
        figures.add(name, value)
    }

    mutating func add(_ name: String, _ text: String) {
        figures.add(name, text)
    }

    /// Three significant digits.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let decimals = value == 0 ? 0 : max(0, 2 - Int(log10(abs(value)).rounded(.down)))
        return String(format: "%.\(min(decimals, 6))f", value)
    }
}
