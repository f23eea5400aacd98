package import Scoring

/// A model against another on the same rows: differences with paired intervals.
package struct Comparison: Equatable, Sendable {
    package enum Verdict: String, Sendable {
        /// The whole interval of the difference in log loss is on this side.
        case better
        case worse
        /// Chance can explain the difference.
        case indistinguishable
    }

    /// Model − other, by the manifest's names; what both do not have is left out.
    package let differences: [String: Manifest.Metric]
    /// By log loss: it judges ranking and calibration at once, and is what the probabilities are trained for.
    package let verdict: Verdict

    /// Both must come from one call of `ClusterBootstrap.evaluate`.
    package init(_ model: BootstrapEvaluation, against other: BootstrapEvaluation) {
        var differences: [String: Manifest.Metric] = [:]
        for metric in EvaluationMetric.allCases where metric != .baseRate {
            differences[metric.rawValue] = model.paired(with: other, isInflated: metric.isInflatedByResampling) { $0[metric] - $1[metric] }
        }
        self.differences = differences
        let loss = differences[EvaluationMetric.logLoss.rawValue]
        verdict =
            if let upper = loss?.upper, upper < 0 { .better } else if let lower = loss?.lower, lower > 0 { .worse } else {
                .indistinguishable
            }
    }

    /// As the manifest holds it.
    package var record: Manifest.Assessment.Comparison {
        Manifest.Assessment.Comparison(differences: differences, verdict: verdict.rawValue)
    }
}
