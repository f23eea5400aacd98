internal import Foundation
package import HTTPTypes
package import Hummingbird
internal import NIOCore

/// A value as a JSON answer: snake-case keys as its `CodingKeys` spell them, sorted, so that the same value gives the same bytes.
package struct JSONAnswer<Value: Encodable & Sendable>: ResponseGenerator, Sendable {
    let value: Value
    let status: HTTPResponse.Status

    package init(_ value: Value, status: HTTPResponse.Status = .ok) {
        self.value = value
        self.status = status
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try JSONAnswer<Value>.response(value, status: status)
    }
}

extension JSONAnswer {
    package static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, contentType: String = "application/json"
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .throw
        let body = ByteBuffer(bytes: try encoder.encode(value))
        return Response(status: status, headers: [.contentType: contentType], body: ResponseBody(byteBuffer: body))
    }
}
