internal import Foundation
package import Hummingbird
package import Scoring

/// The parameters of a request's query, checked: one that the route does not know, or that is there twice, is an error that names it.
package struct Query: Sendable {
    private var values: [String: String] = [:]

    /// - Parameter names: all that the route knows.
    package init(_ request: Request, allowing names: Set<String>) throws(Problem) {
        guard request.uri.query != nil else { return }
        for (key, value) in request.uri.queryParameters {
            let key = String(key)
            guard names.contains(key) else {
                let known = names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
                throw Problem(
                    .invalidParameter, "this route does not know the parameter '\(key.prefix(64))'; it knows: \(known)",
                    field: String(key.prefix(64)))
            }
            guard values.updateValue(String(value), forKey: key) == nil else {
                throw Problem(.invalidParameter, "\(key) is there more than once", field: key)
            }
        }
    }

    /// A text of 1–`limit` bytes; `nil` where there is none.
    package func text(_ name: String, limit: Int = 128) throws(Problem) -> String? {
        guard let value = values[name] else { return nil }
        guard (1...limit).contains(value.utf8.count), !value.utf8.contains(0) else {
            throw Problem(.invalidParameter, "\(name) must have 1 to \(limit) bytes and no NUL", field: name)
        }
        return value
    }

    package func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = values[name] else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw Problem(
                .invalidParameter, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)", field: name)
        }
        return number
    }

    /// A word of a closed vocabulary.
    package func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type) throws(Problem) -> Word?
    where Word.RawValue == String {
        guard let value = values[name] else { return nil }
        guard let word = Word(rawValue: value) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.invalidParameter, "\(name) must be one of: \(words)", field: name)
        }
        return word
    }

    /// A time of RFC 3339.
    package func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let value = values[name] else { return nil }
        guard let time = Timestamp(rfc3339: value) else {
            throw Problem(.invalidParameter, "\(name) must be a time as in 2026-01-02T03:04:05Z", field: name)
        }
        return time
    }
}
