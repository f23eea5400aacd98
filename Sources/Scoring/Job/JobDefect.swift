/// Why a message was refused: the first defect found, fields in the order of the schema.
package struct JobDefect: Error, Equatable, Sendable, CustomStringConvertible {
    package var code: JobDefectCode
    /// The offending field; `nil` where the document itself is defective.
    package var field: String?
    /// What was expected, in one sentence; never a value from the message.
    package var message: String

    package init(_ code: JobDefectCode, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    /// Whether the same message may be accepted later: the fault was this process's, not the message's.
    package var isRetriable: Bool { code == .outOfMemory }

    package var description: String {
        field.map { "\($0): \(message) (\(code.rawValue))" } ?? "\(message) (\(code.rawValue))"
    }
}

/// The kinds of defect.
///
/// Raw values are the reason codes in the header of a quarantined message.
package enum JobDefectCode: String, CaseIterable, Sendable {
    case notUTF8 = "not_utf8"
    case notJSON = "not_json"
    case notAnObject = "not_an_object"
    /// Nested deeper than 64 levels.
    case tooDeep = "too_deep"
    /// More than 1 MiB.
    case tooLarge = "too_large"
    case outOfMemory = "out_of_memory"
    /// Absent, or null where a value is required.
    case missingField = "missing_field"
    /// A known field is there twice.
    case duplicateField = "duplicate_field"
    case wrongType = "wrong_type"
    case empty
    case tooLong = "too_long"
    /// `\u0000` in a name that travels on in AMQP properties and MongoDB keys.
    case nulCharacter = "nul_character"
    case outOfRange = "out_of_range"
    /// Not a word of the field's vocabulary.
    case unknownValue = "unknown_value"
    case badTimestamp = "bad_timestamp"
    /// More array elements than allowed.
    case tooMany = "too_many"
    /// The same array element twice.
    case duplicateValue = "duplicate_value"
}
