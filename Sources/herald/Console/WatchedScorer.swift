import Broker
import Sidecar
import Streaming

/// What the listener for metrics and health knows of a scorer, from before it consumes until after it has stopped.
final class WatchedScorer: Sendable {
    private enum State: Sendable {
        case starting
        case running(ScoringService)
        case stopping
    }

    private let state = Monitor(State.starting)

    /// - Parameter exporter: has the scorer's gauges brought up to date before every reading.
    init(_ exporter: PrometheusExporter) {
        exporter.beforeReading { [state] in
            if case .running(let service) = state.withLock({ $0 }) { service.updateMetrics() }
        }
    }

    /// The scorer consumes, or tries to.
    func start(_ service: ScoringService) {
        state.update { $0 = .running(service) }
    }

    /// The scorer takes nothing new.
    func stop() {
        state.update { $0 = .stopping }
    }

    /// Whether it can decide and log now.
    var readiness: Readiness {
        switch state.withLock({ $0 }) {
        case .starting: return Readiness(obstacles: ["the scorer waits for broker, database and model; its log says for which"])
        case .stopping: return Readiness(obstacles: ["the scorer is stopping"])
        case .running(let service):
            let health = service.health
            var obstacles: [String] = []
            if !health.isConsuming { obstacles.append("the broker is away") }
            if !health.isDatabaseAvailable { obstacles.append("the database is away") }
            return Readiness(obstacles: obstacles)
        }
    }
}
