/// A data set that cannot be trained on: where in it, and why.
package struct AttemptLogError: Error, Equatable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// Line, from 1; `nil` for the file as a whole.
    package let line: Int?
    /// The column's name; `nil` for the line as a whole.
    package let column: String?
    /// What was expected and what was found.
    package let reason: String

    init(_ path: String, line: Int? = nil, column: String? = nil, _ reason: String) {
        self.path = path
        self.line = line
        self.column = column
        self.reason = reason
    }

    package var description: String {
        let place = line.map { ":\($0)" } ?? ""
        return "\(path)\(place): \(column.map { "\($0): " } ?? "")\(reason)"
    }
}
