package import Hummingbird

/// Lets only callers with a role through.
package struct RoleMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    private let role: Role

    package init(_ role: Role) {
        self.role = role
    }

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        if let problem = context.authenticationProblem { throw problem }
        guard context.caller.may(role) else {
            guard context.caller != .anonymous else {
                throw Problem(.unauthenticated, "send a token: Authorization: Bearer …")
            }
            throw Problem(.forbidden, "this needs the role \(role.rawValue), which '\(context.caller.name)' does not have")
        }
        return try await next(request, context)
    }
}
