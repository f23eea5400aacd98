/// The JSON of a request of the Open Inference Protocol v2.
struct InferenceRequest: Decodable {
    struct Tensor: Decodable {
        var name: String
        var datatype: String
        var shape: [Int]
        var parameters: Parameters?
        var data: TensorElements?
    }

    struct Output: Decodable {
        var name: String
        var parameters: Parameters?
    }

    /// Those that matter here; all others are ignored.
    struct Parameters: Decodable {
        /// Bytes of an input behind the JSON.
        var binaryDataSize: Int?
        /// Whether an output is wanted behind the JSON, and the same for all outputs.
        var binaryData: Bool?
        var binaryDataOutput: Bool?

        private enum CodingKeys: String, CodingKey {
            case binaryDataSize = "binary_data_size"
            case binaryData = "binary_data"
            case binaryDataOutput = "binary_data_output"
        }
    }

    var id: String?
    var inputs: [Tensor]
    var outputs: [Output]?
    var parameters: Parameters?
}

/// The elements of a tensor in row-major order, from an array that may be nested as the shape is.
struct TensorElements: Decodable {
    /// Numbers; null = NaN, which JSON cannot write.
    var numbers: [Float] = []
    var texts: [String] = []

    /// Deepest nesting.
    private static let depth = 4

    init() {}

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        try append(&container, depth: Self.depth)
    }

    private mutating func append(_ container: inout any UnkeyedDecodingContainer, depth: Int) throws {
        while !container.isAtEnd {
            if try container.decodeNil() {
                numbers.append(.nan)
                // The decoder tells no kinds apart but by trying: what is neither a number nor a text is a list, or wrong, and then thrown.
            } else if let number = try? container.decode(Float.self) {
                numbers.append(number)
            } else if let text = try? container.decode(String.self) {
                texts.append(text)
            } else {
                guard depth > 1 else {
                    throw DecodingError.dataCorruptedError(
                        in: container, debugDescription: "data is nested deeper than \(Self.depth) levels")
                }
                var nested = try container.nestedUnkeyedContainer()
                try append(&nested, depth: depth - 1)
            }
        }
    }
}

/// The JSON of an answer.
struct InferenceResponse: Encodable {
    struct Tensor: Encodable {
        var name: String
        var datatype: TensorType
        var shape: [Int]
        var parameters: [String: Int]?
        var data: Elements?
    }

    enum Elements: Encodable {
        case numbers([Float])
        case texts([String])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .numbers(let numbers): try container.encode(numbers)
            case .texts(let texts): try container.encode(texts)
            }
        }
    }

    var modelName: String
    var modelVersion: String
    var id: String?
    var outputs: [Tensor]

    private enum CodingKeys: String, CodingKey {
        case modelName = "model_name"
        case modelVersion = "model_version"
        case id
        case outputs
    }
}
