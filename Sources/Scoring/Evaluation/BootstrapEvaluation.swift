/// The figures of one set of probabilities, and what they were in each of the bootstrap's draws.
package struct BootstrapEvaluation: Equatable, Sendable {
    /// On the rows as they are.
    package let evaluation: ProbabilityEvaluation
    package private(set) var resamples: [ProbabilityEvaluation] = []

    init(_ evaluation: ProbabilityEvaluation) {
        self.evaluation = evaluation
    }

    mutating func add(_ evaluation: ProbabilityEvaluation) {
        resamples.append(evaluation)
    }

    /// The figure with its 95 % interval; `nil` where there is no such figure.
    package func metric(_ metric: EvaluationMetric) -> Manifest.Metric? {
        let interval = BootstrapInterval(
            value: evaluation[metric], resamples: resamples.map { $0[metric] }, isInflated: metric.isInflatedByResampling,
            minimum: metric == .bias ? nil : 0)
        return interval.metric
    }

    /// All figures by the manifest's names, and `rows`.
    package var metrics: [String: Manifest.Metric] {
        var metrics = ["rows": Manifest.Metric(Double(evaluation.rowCount))]
        for metric in EvaluationMetric.allCases { metrics[metric.rawValue] = self.metric(metric) }
        return metrics
    }

    /// `combine` of this and another's figures, which must come from the same draws, with the interval of the result.
    package func paired(
        with other: BootstrapEvaluation, isInflated: Bool = false, _ combine: (ProbabilityEvaluation, ProbabilityEvaluation) -> Double
    ) -> Manifest.Metric? {
        BootstrapInterval(
            value: combine(evaluation, other.evaluation), resamples: zip(resamples, other.resamples).map(combine), isInflated: isInflated
        ).metric
    }
}
