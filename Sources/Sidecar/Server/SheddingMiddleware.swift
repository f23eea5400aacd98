package import Hummingbird
internal import Synchronization

/// Refuses requests beyond a number at a time, at once and before they cost anything: latency must not collapse for all.
package final class SheddingMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    private let limit: Int
    private let inFlight = Atomic(0)

    /// - Parameter limit: requests answered at a time.
    package init(limit: Int) {
        self.limit = limit
    }

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        let (_, count) = inFlight.add(1, ordering: .relaxed)
        defer { inFlight.subtract(1, ordering: .relaxed) }
        guard count <= limit else {
            throw Problem(.overloaded, "\(limit) requests are being answered; try again", retryAfter: 1)
        }
        return try await next(request, context)
    }
}
