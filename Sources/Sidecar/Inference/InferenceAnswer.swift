internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An answer in the making: each output in the JSON or behind it, as the request asks.
struct InferenceAnswer {
    private var response: InferenceResponse
    private var binary: [UInt8] = []
    private let request: InferenceRequest

    init(to request: InferenceRequest, model: InferenceModel, version: String) {
        self.request = request
        response = InferenceResponse(modelName: model.rawValue, modelVersion: version, id: request.id, outputs: [])
    }

    /// Checks that only outputs that there are were asked for.
    static func check(_ request: InferenceRequest, _ model: InferenceModel) throws(Problem) {
        for output in request.outputs ?? [] where !model.outputs.contains(where: { $0.name == output.name }) {
            let names = model.outputs.map(\.name).joined(separator: ", ")
            throw Problem(.invalidBody, "there is no output '\(output.name.prefix(64))'; there are: \(names)", field: "outputs")
        }
    }

    mutating func add(_ name: String, _ numbers: [Float]) {
        guard let isBinary = isBinary(name) else { return }
        var tensor = InferenceResponse.Tensor(name: name, datatype: .fp32, shape: [numbers.count])
        // JSON has no NaN.
        if isBinary || !numbers.allSatisfy(\.isFinite) {
            tensor.parameters = ["binary_data_size": numbers.count * 4]
            for number in numbers { append(number.bitPattern) }
        } else {
            tensor.data = .numbers(numbers)
        }
        response.outputs.append(tensor)
    }

    mutating func add(_ name: String, _ texts: [String]) {
        guard let isBinary = isBinary(name) else { return }
        var tensor = InferenceResponse.Tensor(name: name, datatype: .bytes, shape: [texts.count])
        if isBinary {
            let start = binary.count
            for text in texts {
                append(UInt32(text.utf8.count))
                binary.append(contentsOf: text.utf8)
            }
            tensor.parameters = ["binary_data_size": binary.count - start]
        } else {
            tensor.data = .texts(texts)
        }
        response.outputs.append(tensor)
    }

    /// Whether an output is wanted behind the JSON; `nil` where it is not wanted.
    private func isBinary(_ name: String) -> Bool? {
        let byDefault = request.parameters?.binaryDataOutput ?? false
        guard let outputs = request.outputs, !outputs.isEmpty else { return byDefault }
        guard let output = outputs.first(where: { $0.name == name }) else { return nil }
        return output.parameters?.binaryData ?? byDefault
    }

    private mutating func append(_ word: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { binary.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
    }

    func finished() throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(response)
        var headers: HTTPFields = [.contentType: "application/json"]
        if !binary.isEmpty {
            headers[.contentType] = "application/octet-stream"
            headers[.inferenceHeaderLength] = "\(json.count)"
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(json) + binary)))
    }
}
