internal import Scoring

/// Reads the fields of a stored document by name; a missing field or one of another type is an error that names it.
struct DocumentFields {
    private let values: [String: Document.Value]
    /// What the document is, for error messages: `decision 1f…`.
    private let name: String

    init(_ document: Document, name: String) {
        var values: [String: Document.Value] = [:]
        document.forEach { values[$0] = $1 }
        self.values = values
        self.name = name
    }

    func text(_ key: String) throws(StoreError) -> String {
        try require(key, values[key]?.string)
    }

    func optionalText(_ key: String) throws(StoreError) -> String? {
        if values[key] == nil { nil } else { try text(key) }
    }

    func integer(_ key: String) throws(StoreError) -> Int {
        try require(key, values[key]?.integer.flatMap { Int(exactly: $0) })
    }

    func optionalInteger(_ key: String) throws(StoreError) -> Int? {
        if values[key] == nil { nil } else { try integer(key) }
    }

    func double(_ key: String) throws(StoreError) -> Double {
        guard case .double(let value)? = values[key] else { throw defect(key) }
        return value
    }

    func optionalDouble(_ key: String) throws(StoreError) -> Double? {
        if values[key] == nil { nil } else { try double(key) }
    }

    func time(_ key: String) throws(StoreError) -> Timestamp {
        guard case .date(let milliseconds)? = values[key] else { throw defect(key) }
        return Timestamp(milliseconds: milliseconds)
    }

    func optionalTime(_ key: String) throws(StoreError) -> Timestamp? {
        if values[key] == nil { nil } else { try time(key) }
    }

    /// A word of a closed vocabulary.
    func word<Word: RawRepresentable>(_ key: String, _ type: Word.Type = Word.self) throws(StoreError) -> Word
    where Word.RawValue == String {
        try require(key, Word(rawValue: text(key)))
    }

    func optionalWord<Word: RawRepresentable>(_ key: String, _ type: Word.Type = Word.self) throws(StoreError) -> Word?
    where Word.RawValue == String {
        if values[key] == nil { nil } else { try word(key, type) }
    }

    func flag(_ key: String) throws(StoreError) -> Bool {
        guard case .bool(let value)? = values[key] else { throw defect(key) }
        return value
    }

    func country(_ key: String) throws(StoreError) -> CountryCode {
        try require(key, CountryCode(text(key)))
    }

    func fields(_ key: String) throws(StoreError) -> DocumentFields {
        guard case .document(let document)? = values[key] else { throw defect(key) }
        return DocumentFields(document, name: "\(name), \(key)")
    }

    func optionalFields(_ key: String) throws(StoreError) -> DocumentFields? {
        if values[key] == nil { nil } else { try fields(key) }
    }

    /// An array of documents.
    func list(_ key: String) throws(StoreError) -> [DocumentFields] {
        let name = "\(name), \(key)"
        return try array(key) { value in
            if case .document(let document) = value { DocumentFields(document, name: name) } else { nil }
        }
    }

    func optionalArray<Element>(_ key: String, _ convert: (Document.Value) -> Element?) throws(StoreError) -> [Element]? {
        if values[key] == nil { nil } else { try array(key, convert) }
    }

    /// An array whose elements `convert` all accepts.
    func array<Element>(_ key: String, _ convert: (Document.Value) -> Element?) throws(StoreError) -> [Element] {
        guard case .array(let document)? = values[key] else { throw defect(key) }
        let values = document.values
        let elements = values.compactMap(convert)
        guard elements.count == values.count else { throw defect(key) }
        return elements
    }

    /// Single-precision numbers that were stored as doubles; null = NaN.
    func floats(_ key: String) throws(StoreError) -> [Float] {
        try array(key) { value in
            switch value {
            case .double(let number): Float(number)
            case .null: Float.nan
            default: nil
            }
        }
    }

    func require<Value>(_ key: String, _ value: Value?) throws(StoreError) -> Value {
        guard let value else { throw defect(key) }
        return value
    }

    func defect(_ key: String) -> StoreError {
        StoreError(code: .unreadable, doing: "reading \(name)", message: "the field '\(key)' is missing or not as Herald writes it")
    }
}
