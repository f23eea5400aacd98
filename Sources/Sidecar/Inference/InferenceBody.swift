internal import Foundation

/// A request's body taken apart: its JSON, and the tensors behind it (binary tensor data extension).
struct InferenceBody {
    let request: InferenceRequest
    private var binary: ArraySlice<UInt8>

    /// - Parameter jsonLength: of the header `Inference-Header-Content-Length`; `nil` = all of the body is JSON.
    init(_ body: [UInt8], jsonLength: Int?) throws(Problem) {
        let length = jsonLength ?? body.count
        guard (0...body.count).contains(length) else {
            throw Problem(
                .invalidParameter, "Inference-Header-Content-Length is \(length), but the body has \(body.count) bytes",
                field: "Inference-Header-Content-Length")
        }
        do {
            request = try JSONDecoder().decode(InferenceRequest.self, from: Data(body[..<length]))
        } catch {
            throw Problem(.invalidBody, "the body must be an inference request: \(Self.words(for: error))")
        }
        binary = body[length...]
    }

    /// The only input, which must be `tensor`, with its elements.
    mutating func input(_ tensor: InferenceModel.Tensor, limit: Int) throws(Problem) -> TensorElements {
        guard request.inputs.count == 1, let input = request.inputs.first, input.name == tensor.name else {
            throw Problem(.invalidBody, "inputs must be the one tensor '\(tensor.name)'", field: "inputs")
        }
        guard input.datatype == tensor.datatype.rawValue else {
            throw Problem(.invalidBody, "\(tensor.name) must be \(tensor.datatype.rawValue)", field: "datatype")
        }
        let isOfShape =
            input.shape.count == tensor.shape.count && zip(input.shape, tensor.shape).allSatisfy { $1 == -1 ? $0 >= 1 : $0 == $1 }
        guard isOfShape, input.shape[0] <= limit else {
            let wanted = tensor.shape.map { $0 == -1 ? "1…\(limit)" : "\($0)" }.joined(separator: ", ")
            throw Problem(.invalidBody, "\(tensor.name) must have the shape [\(wanted)]", field: "shape")
        }
        let elements = try elements(of: input, tensor)
        let count = tensor.datatype == .fp32 ? elements.numbers.count : elements.texts.count
        guard count == input.shape.reduce(1, *), count == elements.numbers.count + elements.texts.count else {
            throw Problem(.invalidBody, "\(tensor.name) does not hold as many elements of its type as its shape says", field: "data")
        }
        return elements
    }

    private mutating func elements(of input: InferenceRequest.Tensor, _ tensor: InferenceModel.Tensor) throws(Problem) -> TensorElements {
        guard let size = input.parameters?.binaryDataSize else {
            guard let data = input.data else { throw Problem(.invalidBody, "\(tensor.name) has no data", field: "data") }
            return data
        }
        guard (0...binary.count).contains(size), input.data == nil else {
            throw Problem(
                .invalidBody, "\(tensor.name) needs \(size) bytes behind the JSON, and no data in it", field: "binary_data_size")
        }
        let bytes = binary.prefix(size)
        binary = binary.dropFirst(size)
        return try tensor.datatype == .fp32 ? TensorElements(numbers: bytes) : TensorElements(texts: bytes)
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type"
        default: "it is not JSON"
        }
    }
}

extension TensorElements {
    /// Little-endian numbers.
    fileprivate init(numbers bytes: ArraySlice<UInt8>) throws(Problem) {
        guard bytes.count.isMultiple(of: 4) else { throw Problem(.invalidBody, "FP32 has 4 bytes an element", field: "binary_data_size") }
        self.init()
        var rest = bytes
        while !rest.isEmpty {
            numbers.append(Float(bitPattern: Self.word(rest)))
            rest = rest.dropFirst(4)
        }
    }

    /// Texts, each behind its length in 4 bytes, little-endian.
    fileprivate init(texts bytes: ArraySlice<UInt8>) throws(Problem) {
        self.init()
        var rest = bytes
        while !rest.isEmpty {
            guard rest.count >= 4, rest.count - 4 >= Int(Self.word(rest)) else {
                throw Problem(.invalidBody, "an element of BYTES is longer than what is left", field: "binary_data_size")
            }
            let length = Int(Self.word(rest))
            rest = rest.dropFirst(4)
            texts.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
