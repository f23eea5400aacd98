import Logging
import Sidecar

extension HeraldConfiguration {
    /// Listens for metrics and health from now on; `nil` where that is not wanted.
    ///
    /// - Parameter readiness: asked at every request.
    /// A port in use is a warning: several scorers may stand on one machine, and none may stand still for want of its metrics.
    ///
    /// - Throws: `ConfigurationError` naming the key where the address cannot be had for another reason.
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
            guard error.isInUse else { throw ConfigurationError("metrics.host, metrics.port: \(error)") }
            logger.warning("no metrics are served: metrics.port: \(error); choose another one, or 0 for none")
            return nil
        }
        return listener
    }
}
