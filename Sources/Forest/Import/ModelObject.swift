/// An object of a model document, read by key, with errors that name the whole path.
struct ModelObject {
    /// Where the object is in the document: `learner.gradient_booster.model.trees[3]`; empty for the root.
    let path: String
    private let members: [String: ModelValue]

    init(_ value: ModelValue, path: String) throws(ForestError) {
        guard case .object(let members) = value else {
            throw ForestError(.wrongType, "\(path.isEmpty ? "the document" : "'\(path)'") is \(value.kind), not an object")
        }
        self.path = path
        self.members = members
    }

    /// The path of one of this object's keys.
    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    func contains(_ key: String) -> Bool {
        members[key] != nil
    }

    func value(_ key: String) throws(ForestError) -> ModelValue {
        guard let value = members[key] else { throw ForestError(.missingKey, "'\(path(of: key))' is missing") }
        return value
    }

    func object(_ key: String) throws(ForestError) -> ModelObject {
        try ModelObject(try value(key), path: path(of: key))
    }

    func objects(_ key: String) throws(ForestError) -> [ModelObject] {
        var objects: [ModelObject] = []
        for (index, element) in try array(key).enumerated() {
            objects.append(try ModelObject(element, path: "\(path(of: key))[\(index)]"))
        }
        return objects
    }

    func texts(_ key: String) throws(ForestError) -> [String] {
        var texts: [String] = []
        for (index, element) in try array(key).enumerated() {
            guard case .text(let text) = element else {
                throw ForestError(.wrongType, "'\(path(of: key))[\(index)]' is \(element.kind), not a string")
            }
            texts.append(text)
        }
        return texts
    }

    func text(_ key: String) throws(ForestError) -> String {
        guard case .text(let text) = try value(key) else { throw try wrongType(key, "a string") }
        return text
    }

    func integer(_ key: String) throws(ForestError) -> Int64 {
        guard case .integer(let integer) = try value(key) else { throw try wrongType(key, "an integer") }
        return integer
    }

    func integers(_ key: String) throws(ForestError) -> [Int64] {
        guard case .integers(let integers) = try value(key) else { throw try wrongType(key, "an array of integers") }
        return integers
    }

    /// An array of exactly `count` integers.
    func integers(_ key: String, count: Int) throws(ForestError) -> [Int64] {
        let integers = try integers(key)
        try require(count, integers.count, of: key)
        return integers
    }

    func numbers(_ key: String) throws(ForestError) -> [Float] {
        switch try value(key) {
        case .numbers(let numbers): return numbers
        case .integers(let integers): return integers.map { Float($0) }
        default: throw try wrongType(key, "an array of numbers")
        }
    }

    /// An array of exactly `count` numbers.
    func numbers(_ key: String, count: Int) throws(ForestError) -> [Float] {
        let numbers = try numbers(key)
        try require(count, numbers.count, of: key)
        return numbers
    }

    /// A whole number written as a string, as XGBoost writes its parameters.
    func parameter(_ key: String, in range: ClosedRange<Int>) throws(ForestError) -> Int {
        let text = try text(key)
        guard let number = DecimalText.integer(Array(text.utf8)[...]).flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw ForestError(
                .outOfRange,
                "'\(path(of: key))' is \"\(text.prefix(32))\", not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func array(_ key: String) throws(ForestError) -> [ModelValue] {
        switch try value(key) {
        case .array(let elements): return elements
        case .integers(let integers) where integers.isEmpty: return []
        default: throw try wrongType(key, "an array")
        }
    }

    private func require(_ expected: Int, _ found: Int, of key: String) throws(ForestError) {
        guard found == expected else {
            throw ForestError(.sizeMismatch, "'\(path(of: key))' has \(found) elements, not \(expected)")
        }
    }

    private func wrongType(_ key: String, _ expected: String) throws(ForestError) -> ForestError {
        ForestError(.wrongType, "'\(path(of: key))' is \(try value(key).kind), not \(expected)")
    }
}
