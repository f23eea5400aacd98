internal import Foundation

/// Where logged attempts come from.
package enum AttemptSource: Sendable {
    /// CSV files with the columns of `AttemptColumn`, in the order of time.
    case files([String])
    /// Decisions with their outcomes, in MongoDB.
    case decisions(DecisionLog)

    /// As the manifest names it.
    var name: String {
        switch self {
        case .files(let paths): paths.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: " ")
        case .decisions(let log): log.description
        }
    }
}

extension AttemptSource: CustomStringConvertible {
    /// As errors name it.
    package var description: String {
        switch self {
        case .files(let paths): paths.joined(separator: ", ")
        case .decisions(let log): log.description
        }
    }
}
