internal import HTTPTypes
package import Hummingbird
internal import Metrics
internal import Synchronization

/// Counts requests and their time, by route: never by path, of which there is no end.
package final class RequestMetricsMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    fileprivate struct Key: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    fileprivate struct Series {
        fileprivate var counts: [Key: Counter] = [:]
        fileprivate var times: [String: Timer] = [:]
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let series = Mutex(Series())

    package init() {}

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let route = context.endpointPath ?? "none"
        // A client may make up methods.
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        let key = Key(route: route, method: method, status: response.status.code)
        let (count, time) = series.withLock { series in (series.count(key), series.time(route)) }
        count.increment()
        time.recordNanoseconds(Int64((ContinuousClock.now - start) / .nanoseconds(1)))
        return response
    }
}

extension RequestMetricsMiddleware.Series {
    fileprivate mutating func count(_ key: RequestMetricsMiddleware.Key) -> Counter {
        if let counter = counts[key] { return counter }
        let labels = [("route", key.route), ("method", key.method), ("status", "\(key.status)")]
        let counter = Counter(label: "herald_http_requests_total", dimensions: labels)
        counts[key] = counter
        return counter
    }

    fileprivate mutating func time(_ route: String) -> Timer {
        if let timer = times[route] { return timer }
        let timer = Timer(label: "herald_http_request_seconds", dimensions: [("route", route)])
        times[route] = timer
        return timer
    }
}
