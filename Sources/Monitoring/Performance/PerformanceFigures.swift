package import Scoring

/// How good a model's promises were, each figure with its 95 % interval; what cannot be told is absent.
package struct PerformanceFigures: Equatable, Sendable {
    /// The figures there are.
    package static let metrics: [EvaluationMetric] = [
        .precision, .recall, .f1, .auc, .prAUC, .logLoss, .brier, .calibrationError, .baseRate,
    ]
    /// Those that are shown over time.
    package static let seriesMetrics: [EvaluationMetric] = [.auc, .logLoss, .calibrationError, .baseRate]
    /// Matured attempts below which nothing is told: chance alone would speak.
    package static let minimumRows = 30

    package private(set) var values: [EvaluationMetric: Manifest.Metric] = [:]

    /// Nothing can be told.
    package init() {}

    package init(_ evaluation: BootstrapEvaluation) {
        for metric in Self.metrics { values[metric] = evaluation.metric(metric) }
    }

    package subscript(metric: EvaluationMetric) -> Manifest.Metric? { values[metric] }
}
