/// A section of parameters: one table serves reading, writing and checking.
///
/// A missing key leaves what is there, which is the default of that very place. A key that is not known is an error, as is `null`: a
/// default that was meant to be changed, and is not, is worse. Errors name the whole path of the key.
protocol ParameterSection {
    static var parameters: [Parameter<Self>] { get }
    /// Keys of former versions, which nothing reads any more.
    static var retired: [String] { get }

    /// Checks what parameters must be to one another; `path` is the section's.
    func checkRelations(_ path: String) throws(ModelError)
}

extension ParameterSection {
    static var retired: [String] { [] }

    func checkRelations(_ path: String) throws(ModelError) {}

    /// Reads what is there.
    ///
    /// Throws `DecodingError.dataCorrupted` for a key that is neither known nor retired.
    mutating func read(_ container: KeyedDecodingContainer<ParameterKey>) throws {
        let parameters = Self.parameters
        let known = parameters.map(\.key)
        let given = container.allKeys.sorted { $0.stringValue < $1.stringValue }
        for key in given where !known.contains(key.stringValue) && !Self.retired.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: container.codingPath + [key],
                    debugDescription: "unknown key; known here are \(known.joined(separator: ", "))"))
        }
        for parameter in parameters where container.contains(ParameterKey(parameter.key)) { try parameter.read(container, &self) }
    }

    func write(to container: inout KeyedEncodingContainer<ParameterKey>) throws {
        for parameter in Self.parameters { try parameter.write(self, &container) }
    }

    /// Checks every range and relation; `key` of the error begins with `path`, the section's.
    func check(_ path: String) throws(ModelError) {
        for parameter in Self.parameters { try parameter.check(self, "\(path).\(parameter.key)") }
        try checkRelations(path)
    }
}

/// One parameter of a section, or a section within it: its key, and how it is read, written and checked.
struct Parameter<Section> {
    let key: String
    let read: (_ container: KeyedDecodingContainer<ParameterKey>, _ section: inout Section) throws -> Void
    let write: (_ section: Section, _ container: inout KeyedEncodingContainer<ParameterKey>) throws -> Void
    /// `path` is the parameter's own.
    let check: (_ section: Section, _ path: String) throws(ModelError) -> Void
}

extension Parameter {
    static func number(_ key: String, _ place: WritableKeyPath<Section, Double>, _ range: ClosedRange<Double>) -> Self {
        Self(
            key: key,
            read: { container, section in
                section[keyPath: place] = try container.decode(Double.self, forKey: ParameterKey(key))
            },
            write: { section, container in try container.encode(section[keyPath: place], forKey: ParameterKey(key)) },
            check: { section, path throws(ModelError) in try ParameterKey.check(section[keyPath: place], range, path) })
    }

    static func count(_ key: String, _ place: WritableKeyPath<Section, Int>, _ range: ClosedRange<Int>) -> Self {
        Self(
            key: key,
            read: { container, section in
                let number = try container.decode(Double.self, forKey: ParameterKey(key))
                guard let count = Int(exactly: number) else {
                    throw DecodingError.dataCorrupted(
                        DecodingError.Context(
                            codingPath: container.codingPath + [ParameterKey(key)], debugDescription: "\(number) is no whole number"))
                }
                section[keyPath: place] = count
            },
            write: { section, container in try container.encode(section[keyPath: place], forKey: ParameterKey(key)) },
            check: { section, path throws(ModelError) in try ParameterKey.check(section[keyPath: place], range, path) })
    }

    /// Numbers by the names of providers, of which there may be `limit`.
    static func numbers(
        byProvider key: String, _ place: WritableKeyPath<Section, [String: Double]>, _ range: ClosedRange<Double>, limit: Int
    ) -> Self {
        Self(
            key: key,
            read: { container, section in
                section[keyPath: place] = try container.decode([String: Double].self, forKey: ParameterKey(key))
            },
            write: { section, container in try container.encode(section[keyPath: place], forKey: ParameterKey(key)) },
            check: { section, path throws(ModelError) in
                let numbers = section[keyPath: place]
                guard numbers.count <= limit else {
                    throw ModelError(.invalidValue, key: path, "has \(numbers.count) providers; at most \(limit) are allowed")
                }
                for (provider, value) in numbers.sorted(by: { $0.key < $1.key }) {
                    guard Job.identifierLengths.contains(provider.utf8.count) else {
                        throw ModelError(.invalidValue, key: path, "a provider's name has 1 to 128 bytes, not \(provider.utf8.count)")
                    }
                    try ParameterKey.check(value, range, "\(path).\(provider)")
                }
            })
    }

    static func section<Part: ParameterSection>(_ key: String, _ place: WritableKeyPath<Section, Part>) -> Self {
        Self(
            key: key,
            read: { container, section in
                let part = try container.nestedContainer(keyedBy: ParameterKey.self, forKey: ParameterKey(key))
                try section[keyPath: place].read(part)
            },
            write: { section, container in
                var part = container.nestedContainer(keyedBy: ParameterKey.self, forKey: ParameterKey(key))
                try section[keyPath: place].write(to: &part)
            },
            check: { section, path throws(ModelError) in try section[keyPath: place].check(path) })
    }
}

/// A key as it is written, whatever it is.
struct ParameterKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) {
        stringValue = name
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }

    /// Throws `invalidValue` where a value is out of its range, as NaN always is.
    static func check<Value: Comparable>(_ value: Value, _ range: ClosedRange<Value>, _ path: String) throws(ModelError) {
        guard range.contains(value) else {
            throw ModelError(.invalidValue, key: path, "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
