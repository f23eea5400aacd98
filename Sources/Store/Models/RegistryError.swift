/// Why the registry did not do as asked.
package struct RegistryError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such version, or no champion, or nothing to go back to.
        case notFound = "not_found"
        /// The version is that already.
        case unchanged
        /// Its evaluation is worse, or cannot be compared: what a forced order is carried out in spite of.
        case refused
        /// Somebody else was faster.
        case conflict
        /// Another artifact of that version is there; a version is never overwritten.
        case versionTaken = "version_taken"
        /// Too large, or a name that cannot be used.
        case outOfBounds = "out_of_bounds"
        /// The folder cannot be written, or is locked.
        case unwritable
        /// What is stored is not what was stored.
        case damaged
    }

    package var code: Code
    /// What is wrong and what to do about it.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) (\(code.rawValue))" }
}
