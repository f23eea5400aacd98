/// A number of a section of parameters: its key, where it lies and what it may be.
struct ParameterNumber<Section> {
    let key: String
    let path: WritableKeyPath<Section, Double>
    let range: ClosedRange<Double>

    init(_ key: String, _ path: WritableKeyPath<Section, Double>, _ range: ClosedRange<Double>) {
        self.key = key
        self.path = path
        self.range = range
    }
}

/// A section of parameters that are all numbers; one table serves reading, writing and checking.
///
/// A missing key leaves the default. A key that is not known is an error: a default that was meant to be changed, and is not, is worse.
protocol ParameterSection: Codable {
    /// With the defaults.
    init()
    static var numbers: [ParameterNumber<Self>] { get }
}

extension ParameterSection {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: Self.numbers.map(\.key))
        for number in Self.numbers {
            try container.read(number.key, into: &self[keyPath: number.path])
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        for number in Self.numbers { try container.encode(self[keyPath: number.path], forKey: ParameterKey(number.key)) }
    }

    /// Checks every range; `key` of the error is `section` and the number's own.
    func validateNumbers(_ section: String) throws(ModelError) {
        for number in Self.numbers {
            let value = self[keyPath: number.path]
            // NaN is in no range.
            guard number.range.contains(value) else {
                throw ModelError(
                    .invalidValue, key: "\(section).\(number.key)",
                    "is \(value), but must be from \(number.range.lowerBound) to \(number.range.upperBound)")
            }
        }
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
}

extension Decoder {
    /// A section's container.
    ///
    /// Throws `DecodingError.dataCorrupted` for a key that is neither in `known` nor in `retired`.
    func parameters(known: [String], retired: [String] = []) throws -> KeyedDecodingContainer<ParameterKey> {
        let container = try container(keyedBy: ParameterKey.self)
        for key in container.allKeys where !known.contains(key.stringValue) && !retired.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: codingPath + [key], debugDescription: "unknown key; known here are \(known.joined(separator: ", "))"))
        }
        return container
    }
}

extension KeyedDecodingContainer<ParameterKey> {
    /// Reads a part where it is there.
    func read<Value: Decodable>(_ key: String, into value: inout Value) throws {
        if let found = try decodeIfPresent(Value.self, forKey: ParameterKey(key)) { value = found }
    }
}
