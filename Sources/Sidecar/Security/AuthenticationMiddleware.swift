package import Hummingbird

/// Tells who asks by the token of the `Authorization` header.
///
/// A header that is wrong is nobody's until something asks for a role: what is for everybody is for whoever has a wrong token too.
package struct AuthenticationMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    /// `nil` = nobody needs a token.
    private let tokens: [Token]?

    package init(tokens: [Token]?) {
        self.tokens = tokens
    }

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        do {
            context.caller = try caller(of: request)
        } catch {
            context.authenticationProblem = error
        }
        return try await next(request, context)
    }

    private func caller(of request: Request) throws(Problem) -> Caller {
        guard let tokens else { return .local }
        guard let header = request.headers[.authorization] else { return .anonymous }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 256 else {
            throw Problem(.unauthenticated, "the header must be: Authorization: Bearer TOKEN", field: "Authorization")
        }
        let digest = Token.digest(of: String(parts[1]))
        // Every token is looked at to its end, so that the time tells nothing.
        var found: Token?
        for token in tokens where Self.areEqual(token.digest, digest) { found = token }
        guard let found else { throw Problem(.unauthenticated, "no such token", field: "Authorization") }
        return Caller(name: found.name, roles: found.roles)
    }

    private static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        var difference: UInt8 = first.count == second.count ? 0 : 1
        for (one, other) in zip(first, second) { difference |= one ^ other }
        return difference == 0
    }
}
