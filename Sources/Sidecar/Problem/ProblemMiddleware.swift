package import Hummingbird
internal import Logging

/// Turns every error but a client's leaving into a problem document, and one that nobody foresaw into a line of the log too.
package struct ProblemMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    package init() {}

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            guard !Departure.isCause(of: error) else {
                context.logger.debug("\(request.method) \(request.uri.path): the client left: \(error)")
                return Response(status: Departure.status)
            }
            let problem = Problem(describing: error)
            if problem.kind == .internal { context.logger.error("\(request.method) \(request.uri.path): \(error)") }
            return try problem.response(from: request, context: context)
        }
    }
}
