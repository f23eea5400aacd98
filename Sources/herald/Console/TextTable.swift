/// Rows of cells with their columns aligned.
struct TextTable {
    private let rows: [[String]]

    /// - Parameter rows: all of the same length; the first one has the titles.
    init(_ rows: [[String]]) {
        self.rows = rows
    }

    var text: String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        return lines.joined(separator: "\n")
    }
}
