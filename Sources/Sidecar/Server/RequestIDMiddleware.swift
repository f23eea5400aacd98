package import Hummingbird
internal import Logging

/// Gives every request an id, its client's or one of ours, which the answer, the log and the decisions carry.
package struct RequestIDMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    package init() {}

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = request.headers[.requestID].flatMap(Self.accepted) ?? Self.fresh()
        context.logger[metadataKey: "request_id"] = "\(context.requestID)"
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }

    /// A client's id, where it can stand in a log and a header: 1–128 visible ASCII characters.
    private static func accepted(_ id: String) -> String? {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
    }

    private static func fresh() -> String {
        var generator = SystemRandomNumberGenerator()
        let number = UInt128(generator.next()) << 64 | UInt128(generator.next())
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 32 - text.count) + text
    }
}
