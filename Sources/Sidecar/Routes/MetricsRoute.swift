internal import HTTPTypes
package import Hummingbird
internal import Monitoring
internal import Scoring
package import Streaming

/// `GET /metrics`: how the model does, as JSON; or the process's metrics in Prometheus' text format or as OpenMetrics, as `Accept` asks.
package struct MetricsRoute: Sendable {
    private static let json = "application/json"

    private let exporter: PrometheusExporter
    private let scorer: CurrentScorer
    private let performance: PerformanceCache
    private let pool: BlockingPool
    /// Apart from what waits for the database: an outage is when the metrics are looked at.
    private let textPool = BlockingPool(threads: 1, capacity: 16)

    /// - Parameters:
    ///   - scorer: of the model in use.
    ///   - pool: for what waits.
    package init(exporter: PrometheusExporter, scorer: CurrentScorer, performance: PerformanceCache, pool: BlockingPool) {
        self.exporter = exporter
        self.scorer = scorer
        self.performance = performance
        self.pool = pool
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.read)).get("metrics") { request, _ in try await metrics(request) }
    }

    private func metrics(_ request: Request) async throws -> Response {
        _ = try Query(request, allowing: [])
        let forms = [Self.json] + ExpositionFormat.allCases.map(\.mediaType)
        guard let form = AcceptHeader(request.headers[.accept]).best(of: forms) else {
            throw Problem(.notAcceptable, "there is \(forms.joined(separator: ", "))", field: "Accept")
        }
        guard let format = ExpositionFormat.allCases.first(where: { $0.mediaType == form }) else { return try await performanceAnswer() }
        let text = try await textPool.run { [exporter] in exporter.text(as: format) }
        return Response(metrics: text, as: format)
    }

    private func performanceAnswer() async throws -> Response {
        let inUse = scorer.scorer
        guard inUse.schema != nil else { return try Self.response(PerformanceAnswer(degraded: [.model])) }
        let (version, threshold) = (inUse.modelVersion, inUse.operatingThreshold ?? 0.5)
        let reading = try await pool.run { [performance] in performance.reading(of: version, threshold: threshold) }
        var degraded: [PerformanceAnswer.Degradation] = []
        if reading.hasFailed { degraded.append(.database) }
        if reading.report == nil, !reading.hasFailed { degraded.append(.pending) }
        return try Self.response(
            PerformanceAnswer(model: PerformanceAnswer.Model(version: version, threshold: Double(threshold)), reading.report, degraded))
    }

    private static func response(_ answer: PerformanceAnswer) throws -> Response {
        var response = try JSONAnswer<PerformanceAnswer>.response(answer)
        response.headers[.vary] = "Accept"
        // As long as the figures themselves are kept; what is missing may be there at any moment.
        if answer.degraded.isEmpty {
            response.headers[.cacheControl] = "private, max-age=\(PerformanceCache.interval.components.seconds)"
        }
        return response
    }
}
