import Logging
import Sidecar

extension HeraldConfiguration {
    /// Listens for metrics and health from now on; `nil` where that is not wanted.
    ///
    /// - Parameter readiness: asked at every request.
    /// - Throws: `ConfigurationError` naming the key where the address cannot be had.
    func startMetrics(
        _ exporter: PrometheusExporter, readiness: @escaping @Sendable () -> Readiness
    ) async throws -> MetricsListener? {
        guard metrics.port > 0 else { return nil }
        let logger = makeLogger("metrics")
        let listener = MetricsListener(host: metrics.host, port: metrics.port, exporter: exporter, logger: logger, readiness: readiness)
        do {
            let port = try await listener.start()
            logger.info("metrics are at http://\(metrics.host):\(port)/metrics")
        } catch let error as ListenerError {
            throw ConfigurationError(
                error.isInUse ? "metrics.port: \(error); choose another one, or 0 for none" : "metrics.host, metrics.port: \(error)")
        }
        return listener
    }
}
