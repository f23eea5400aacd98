/// Why a model file was refused.
package struct ForestError: Error, Equatable, CustomStringConvertible {
    /// The kinds of refusal; the message says which key, tree or node.
    package enum Code: String, Sendable {
        /// Neither XGBoost JSON nor XGBoost UBJSON.
        case unknownFormat = "unknown_format"
        /// The bytes end before the document does.
        case truncated
        /// Not well-formed JSON or UBJSON.
        case malformed
        /// Bytes after the end of the document.
        case trailingBytes = "trailing_bytes"
        /// A key appears twice in one object.
        case duplicateKey = "duplicate_key"
        case missingKey = "missing_key"
        /// A value of another type than its key calls for.
        case wrongType = "wrong_type"
        /// A number outside its range, or not a number where a finite one is needed.
        case outOfRange = "out_of_range"
        /// Two declared sizes contradict each other.
        case sizeMismatch = "size_mismatch"
        /// The nodes do not form one tree.
        case invalidTree = "invalid_tree"
        /// Larger than `ImportLimits` allows.
        case limitExceeded = "limit_exceeded"
        /// A well-formed model of a kind that is not implemented.
        case unsupported
    }

    package let code: Code
    /// One sentence that names the key, tree or node, or the byte offset.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
