internal import Metrics
internal import Synchronization

/// What the sidecar tells of its state at each reading of the metrics.
package final class SidecarGauges: Sendable {
    private struct Model {
        var version: String?
        var series: Gauge?
    }

    private let degraded = Degradation.allCases.map { ($0, Gauge(label: "herald_degraded", dimensions: [("lacks", $0.rawValue)])) }
    private let model = Mutex(Model())

    package init() {}

    /// Brings the gauges up to date.
    package func show(_ predictor: Predictor) {
        let lacking = predictor.degraded
        for (lack, gauge) in degraded { gauge.record(lacking.contains(lack) ? 1 : 0) }
        let version = predictor.modelVersion
        model.withLock { model in
            guard model.version != version || model.series == nil else { return }
            model.series?.destroy()
            model.version = version
            model.series = Gauge(label: "herald_model_info", dimensions: [("version", version)])
            model.series?.record(1)
        }
    }
}
