internal import CJobJSON

/// The fields of one parsed message, each checked as it is read; valid until the parser's next message.
@safe struct MessageFields {
    // Safe because only `JobDecoder` makes one, and lets go of it before it parses again.
    private let document: UnsafePointer<herald_json_document>

    @unsafe init(_ document: UnsafePointer<herald_json_document>) {
        unsafe self.document = document
    }

    /// An id or the name of a provider: 1–128 bytes without NUL.
    func name(_ field: herald_json_field) throws(JobDefect) -> String {
        unsafe try Self.name(required(field), field)
    }

    /// The routes that the message names; none where it names none.
    func providers() throws(JobDefect) -> [String] {
        let field = HERALD_JSON_PROVIDERS
        guard let value = unsafe try optional(field) else { return [] }
        guard unsafe value.kind == HERALD_JSON_ARRAY.rawValue else {
            throw Self.defect(.wrongType, field, "must be an array of names")
        }
        guard unsafe value.length <= Job.maximumProviderCount else {
            throw Self.defect(.tooMany, field, "may have \(Job.maximumProviderCount) elements")
        }
        var names: [String] = []
        unsafe names.reserveCapacity(value.length)
        for index in unsafe 0..<value.length {
            let name = unsafe try Self.name(herald_json_provider(document, index), field)
            guard !names.contains(name) else { throw Self.defect(.duplicateValue, field, "must not name a provider twice") }
            names.append(name)
        }
        return names
    }

    /// The address; `nil` also where it is empty, which carries no more than its absence.
    func recipient() throws(JobDefect) -> String? {
        let field = HERALD_JSON_RECIPIENT
        guard let value = unsafe try optional(field) else { return nil }
        let bytes = unsafe try Self.text(value, field)
        guard bytes.count <= JobLimits.recipientBytes else {
            throw Self.defect(.tooLong, field, "may have \(JobLimits.recipientBytes) bytes")
        }
        return unsafe bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// A word of a fixed vocabulary.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ field: herald_json_field) throws(JobDefect) -> Word {
        let bytes = unsafe try Self.text(required(field), field)
        // Words are short, so this string needs no allocation.
        guard bytes.count <= 15, let word = unsafe Word(rawValue: String(decoding: bytes, as: UTF8.self)) else {
            throw Self.defect(.unknownValue, field, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    func country(_ field: herald_json_field) throws(JobDefect) -> CountryCode {
        let bytes = unsafe try Self.text(required(field), field)
        guard bytes.count == 2, let country = unsafe CountryCode(bytes[0], bytes[1]) else {
            throw Self.defect(.unknownValue, field, "must be an ISO 3166-1 alpha-2 code in capitals")
        }
        return country
    }

    func integer(_ field: herald_json_field, in range: ClosedRange<Int>) throws(JobDefect) -> Int {
        unsafe try Self.integer(required(field), field, range)
    }

    func integerIfPresent(_ field: herald_json_field, in range: ClosedRange<Int>) throws(JobDefect) -> Int? {
        guard let value = unsafe try optional(field) else { return nil }
        return unsafe try Self.integer(value, field, range)
    }

    func numberIfPresent(_ field: herald_json_field, in range: ClosedRange<Double>) throws(JobDefect) -> Double? {
        guard let value = unsafe try optional(field) else { return nil }
        let number: Double
        switch unsafe UInt32(value.kind) {
        case HERALD_JSON_INTEGER.rawValue: number = unsafe Double(value.integer)
        case HERALD_JSON_NUMBER.rawValue: number = unsafe value.number
        case HERALD_JSON_HUGE_INTEGER.rawValue: number = .infinity
        default: throw Self.defect(.wrongType, field, "must be a number")
        }
        guard range.contains(number) else {
            throw Self.defect(.outOfRange, field, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        // -0 is in the range, but has another bit pattern than 0.
        return number == 0 ? 0 : number
    }

    func time(_ field: herald_json_field) throws(JobDefect) -> Timestamp {
        unsafe try Self.time(required(field), field)
    }

    func timeIfPresent(_ field: herald_json_field) throws(JobDefect) -> Timestamp? {
        guard let value = unsafe try optional(field) else { return nil }
        return unsafe try Self.time(value, field)
    }
}

extension MessageFields {
    /// The value; `nil` where it is absent or null.
    private func optional(_ field: herald_json_field) throws(JobDefect) -> herald_json_value? {
        let value = unsafe herald_json_field_value(document, field)
        guard unsafe !value.duplicate else { throw Self.defect(.duplicateField, field, "must be there once") }
        return unsafe value.kind == HERALD_JSON_ABSENT.rawValue || value.kind == HERALD_JSON_NULL.rawValue ? nil : value
    }

    private func required(_ field: herald_json_field) throws(JobDefect) -> herald_json_value {
        guard let value = unsafe try optional(field) else { throw Self.defect(.missingField, field, "is required") }
        return unsafe value
    }

    private static func text(
        _ value: herald_json_value, _ field: herald_json_field
    ) throws(JobDefect) -> UnsafeRawBufferPointer {
        guard unsafe value.kind == HERALD_JSON_STRING.rawValue else { throw defect(.wrongType, field, "must be a string") }
        return unsafe UnsafeRawBufferPointer(start: value.text, count: value.length)
    }

    private static func name(_ value: herald_json_value, _ field: herald_json_field) throws(JobDefect) -> String {
        let bytes = unsafe try text(value, field)
        let limit = Job.identifierLengths.upperBound
        guard unsafe !bytes.isEmpty else { throw defect(.empty, field, "must have 1 to \(limit) bytes") }
        guard bytes.count <= limit else { throw defect(.tooLong, field, "must have 1 to \(limit) bytes of UTF-8") }
        guard unsafe !bytes.contains(0) else { throw defect(.nulCharacter, field, "must not contain \\u0000") }
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private static func integer(
        _ value: herald_json_value, _ field: herald_json_field, _ range: ClosedRange<Int>
    ) throws(JobDefect) -> Int {
        let isHuge = unsafe value.kind == HERALD_JSON_HUGE_INTEGER.rawValue
        guard unsafe isHuge || value.kind == HERALD_JSON_INTEGER.rawValue else {
            throw defect(.wrongType, field, "must be an integer, written without fraction and exponent")
        }
        guard !isHuge, let integer = unsafe Int(exactly: value.integer), range.contains(integer) else {
            throw defect(.outOfRange, field, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    private static func time(_ value: herald_json_value, _ field: herald_json_field) throws(JobDefect) -> Timestamp {
        let bytes = unsafe try text(value, field)
        guard let time = unsafe Timestamp(rfc3339: Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))) else {
            throw defect(.badTimestamp, field, "must be an RFC 3339 date-time from 1970 to 9999, such as 2026-01-02T03:04:05Z")
        }
        return time
    }

    private static func defect(_ code: JobDefectCode, _ field: herald_json_field, _ message: String) -> JobDefect {
        unsafe JobDefect(code, field: String(cString: herald_json_field_name(field)), message)
    }
}
