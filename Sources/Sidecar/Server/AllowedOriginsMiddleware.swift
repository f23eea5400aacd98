internal import HTTPTypes
package import Hummingbird

/// Lets the pages of certain origins, and of no other, use the interface from a browser (CORS).
package struct AllowedOriginsMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    private static let methods = [HTTPRequest.Method.get, .head, .post, .delete].map(\.rawValue).joined(separator: ", ")
    private static let headers = names([.authorization, .contentType, .requestID, .lastEventID])
    private static let exposedHeaders = names([.requestID, .retryAfter, .location, .eTag])
    /// Seconds for which a browser need not ask again.
    private static let maximumAge = "600"

    private let origins: Set<String>

    /// - Parameter origins: as browsers write them, such as `https://ops.example.com`.
    package init(_ origins: [String]) {
        self.origins = Set(origins)
    }

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin].flatMap { origins.contains($0) ? $0 : nil }
        if let origin, request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowOrigin: origin, .accessControlAllowMethods: Self.methods,
                    .accessControlAllowHeaders: Self.headers, .accessControlMaxAge: Self.maximumAge, .vary: "Origin",
                ])
        }
        var response = try await next(request, context)
        // Also where there is no origin: a cache must not hand that answer to a page.
        response.headers.addVary(.origin)
        if let origin {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlExposeHeaders] = Self.exposedHeaders
        }
        return response
    }

    private static func names(_ names: [HTTPField.Name]) -> String {
        names.map(\.rawName).joined(separator: ", ")
    }
}
