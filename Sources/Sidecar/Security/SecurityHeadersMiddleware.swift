package import Hummingbird

/// Headers that keep a browser from doing more with an answer than showing it; a route's own take precedence.
package struct SecurityHeadersMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    private let isTLS: Bool

    package init(isTLS: Bool) {
        self.isTLS = isTLS
    }

    /// Nothing may be loaded by, and nothing may frame, an answer that is no page.
    private static let contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.frameOptions] = "DENY"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        if response.headers[.contentSecurityPolicy] == nil { response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if isTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }
}
