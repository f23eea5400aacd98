internal import HTTPTypes
package import Hummingbird
package import Logging

/// `GET /`: the dashboard's files, for everybody: they hold no data, and what they then ask for takes a token like any other request.
package struct DashboardRoute {
    /// What the pages may do: load what comes from here, and nothing else.
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private let folder: String
    private let logger: Logger

    /// - Parameter folder: of the built dashboard, with `index.html` and `assets`; read at each request.
    package init(folder: String, logger: Logger) {
        self.folder = folder
        self.logger = logger
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        // Names of assets change with what is in them.
        files(router, [.public, .maxAge(31_536_000), .immutable]).get("assets/**", use: Self.absent)
        let pages = files(router, [.noCache])
        pages.get("favicon.svg", use: Self.absent)
        pages.get("/") { _, _ -> Response in
            throw Problem(.notFound, "the dashboard is not there: build it with `make dashboard`, or set http.dashboard-folder")
        }
    }

    private func files(
        _ router: some RouterMethods<SidecarContext>, _ caching: [CacheControl.CacheControlValue]
    ) -> RouterGroup<SidecarContext> {
        router.group().add(middleware: PageHeaders()).add(
            middleware: FileMiddleware(
                folder, cacheControl: CacheControl([(MediaType(type: .any), caching)]), searchForIndexHtml: true, logger: logger))
    }

    /// Reached by nobody for whom there is a file.
    @Sendable private static func absent(_ request: Request, _ context: SidecarContext) throws -> Response {
        throw Problem(.notFound, "the dashboard has no such file")
    }
}

/// Lets a page do what the dashboard has to do, and leaves of a request what `FileMiddleware` understands.
private struct PageHeaders: RouterMiddleware {
    typealias Context = SidecarContext

    func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        var head = request.head
        // Files are small: parts of one, which it would count wrongly, are answered with the whole, as RFC 9110 14.2 allows.
        head.headerFields[.range] = nil
        head.headerFields[.ifRange] = nil
        if request.headers[.ifNoneMatch] != nil {
            // Looked at below, and then the date does not count.
            head.headerFields[.ifNoneMatch] = nil
            head.headerFields[.ifModifiedSince] = nil
        }
        var response = try await next(Request(head: head, body: request.body), context).unlessKnown(to: request)
        response.headers[.acceptRanges] = nil
        response.headers[.contentSecurityPolicy] = DashboardRoute.contentSecurityPolicy
        return response
    }
}
