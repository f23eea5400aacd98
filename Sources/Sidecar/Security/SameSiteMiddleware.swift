internal import HTTPTypes
package import Hummingbird

/// Keeps pages of other sites away from an interface that asks for no token: what any program of this machine may do, a page from elsewhere,
/// opened in its browser, must not.
///
/// A name that somebody has resolve to this machine is refused by its `Host` (DNS rebinding), and what changes something by its `Origin` or
/// `Sec-Fetch-Site`, which browsers send and pages cannot forge. Programs send neither.
package struct SameSiteMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    private static let harmless: Set<HTTPRequest.Method> = [.get, .head, .options]

    private let allowedOrigins: Set<String>

    /// - Parameter allowedOrigins: of other sites whose pages may do everything.
    package init(allowedOrigins: [String]) {
        self.allowedOrigins = Set(allowedOrigins)
    }

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        try check(request)
        return try await next(request, context)
    }

    private func check(_ request: Request) throws(Problem) {
        let host = request.head.authority ?? ""
        guard host.isEmpty || Self.isLoopback(host) else {
            throw Problem(
                .forbidden, "'\(host.prefix(100))' is no name of this machine's loopback interface; for other names set http.token-file",
                field: "Host")
        }
        guard !Self.harmless.contains(request.method) else { return }
        if let origin = request.headers[.origin] {
            guard allowedOrigins.contains(origin) || ["http://\(host)", "https://\(host)"].contains(origin) else {
                throw Problem(.forbidden, "pages of other sites may not do this: see http.allowed-origins", field: "Origin")
            }
        } else if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw Problem(.forbidden, "pages of other sites may not do this: see http.allowed-origins", field: "Sec-Fetch-Site")
        }
    }

    /// Whether a name, with or without a port, can only mean this machine.
    private static func isLoopback(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        let name = authority.prefix { $0 != ":" }.lowercased()
        if name == "localhost" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
