/// One value of a model document, whichever of the two formats it came in.
///
/// Arrays of numbers, which make up nearly all of a model, are kept flat. Decimal text becomes `Float` directly: by way of `Double` it
/// would be rounded twice.
enum ModelValue {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Float)
    case text(String)
    case integers([Int64])
    case numbers([Float])
    case array([ModelValue])
    case object([String: ModelValue])

    /// Whether an array keeps this value flat.
    var isScalar: Bool {
        switch self {
        case .integer, .number, .boolean: true
        default: false
        }
    }

    /// The word for this kind of value in an error message.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a string"
        case .integers: "an array of integers"
        case .numbers: "an array of numbers"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Collects the elements of an array and keeps them flat when they are numbers.
///
/// Booleans count as 0 and 1, as `default_left` of files before 1.6 has them. An empty array is an array of integers.
struct ModelArrayBuilder {
    private var integers: [Int64] = []
    private var numbers: [Float] = []
    private var values: [ModelValue] = []

    /// False if a number meets something else: no model has such an array, and it would cost many bytes of memory for each of the file.
    mutating func append(_ value: ModelValue) -> Bool {
        guard value.isScalar else {
            values.append(value)
            return integers.isEmpty && numbers.isEmpty
        }
        switch value {
        case .integer(let integer): append(integer)
        case .boolean(let flag): append(Int64(flag ? 1 : 0))
        case .number(let number): append(number)
        default: break
        }
        return values.isEmpty
    }

    /// The same for a number.
    mutating func append(_ number: DecimalText.Number) -> Bool {
        switch number {
        case .integer(let integer): append(integer)
        case .real(let real): append(real)
        }
        return values.isEmpty
    }

    private mutating func append(_ number: Float) {
        if !integers.isEmpty {
            numbers = integers.map { Float($0) }
            integers = []
        }
        numbers.append(number)
    }

    private mutating func append(_ integer: Int64) {
        if numbers.isEmpty {
            integers.append(integer)
        } else {
            numbers.append(Float(integer))
        }
    }

    /// The array; the builder is spent.
    consuming func finish() -> ModelValue {
        if !values.isEmpty { return .array(values) }
        if !numbers.isEmpty { return .numbers(numbers) }
        return .integers(integers)
    }
}
