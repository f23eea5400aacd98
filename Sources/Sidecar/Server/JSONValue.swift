internal import Foundation
internal import Hummingbird
internal import NIOCore

/// A JSON value of a small request body, before anybody has decided what it should be.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // The decoder tells no kinds apart but by trying; what is none of them is thrown at the end.
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

extension Request {
    /// The body as a JSON object.
    ///
    /// - Throws: `Problem` where it is something else, or larger than `limit` bytes.
    func jsonBody(upTo limit: Int) async throws -> [String: JSONValue] {
        try JSONBody.requireType(of: self)
        let buffer = try await body.collect(upTo: limit)
        guard case .object(let object)? = try? JSONDecoder().decode(JSONValue.self, from: Data(buffer.readableBytesView)) else {
            throw Problem(.invalidBody, "the body must be a JSON object")
        }
        return object
    }
}
