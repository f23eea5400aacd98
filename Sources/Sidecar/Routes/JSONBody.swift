internal import Foundation
internal import Hummingbird
internal import NIOCore

/// The small JSON object that a POST may come with: one that has a member the route does not know is refused.
enum JSONBody {
    /// Longest body, in bytes.
    private static let limit = 16 * 1024

    /// Reads the body; `nil` where there is none.
    ///
    /// - Throws: `Problem` naming the member.
    static func read<Body: Decodable>(_ type: Body.Type, _ request: Request, members: Set<String>) async throws -> Body? {
        try requireType(of: request)
        var buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem(.tooLarge, "the body may have \(limit) bytes")
        }
        guard let bytes = buffer.readBytes(length: buffer.readableBytes), !bytes.isEmpty else { return nil }
        do {
            for member in try JSONDecoder().decode(Members.self, from: Data(bytes)).names where !members.contains(member) {
                throw Problem(
                    .invalidBody,
                    "the body has the unknown member '\(member.prefix(64))'; known: \(members.sorted().joined(separator: ", "))",
                    field: String(member.prefix(64)))
            }
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw problem(error)
        }
    }

    /// Refuses a body that is said to be something else than `application/json`, with or without parameters; one of no type is taken for it.
    static func requireType(of request: Request) throws(Problem) {
        guard let type = request.headers[.contentType], type != "application/json" else { return }
        let essence = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard essence == "application/json" else {
            throw Problem(.unsupportedMediaType, "send application/json, not '\(essence.prefix(64))'", field: "Content-Type")
        }
    }

    private static func problem(_ error: DecodingError) -> Problem {
        let (path, context): ([any CodingKey], DecodingError.Context) =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context.codingPath, context)
            case .keyNotFound(let key, let context): (context.codingPath + [key], context)
            @unknown default: ([], DecodingError.Context(codingPath: [], debugDescription: "it cannot be read"))
            }
        let field = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        guard !field.isEmpty else { return Problem(.invalidBody, "the body must be one JSON object: \(context.debugDescription)") }
        return Problem(.invalidBody, "\(field): \(context.debugDescription)", field: field)
    }

    /// The names of an object's members.
    private struct Members: Decodable {
        let names: [String]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) {
                self.stringValue = stringValue
            }

            init?(intValue: Int) {
                nil
            }
        }

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
        }
    }
}
