internal import Foundation
package import Scoring

/// How far a metric's values for the groups of one division are apart, and whether that is to be minded.
///
/// The rule: a gap is flagged where it is above the metric's limit *and* above 0 by more than chance explains, that is, by more than z
/// standard deviations of the bootstrap's paired differences, z being the normal quantile at 97.5 % after Bonferroni's correction for the
/// number of pairs that the two groups were picked from. Groups too small to judge are left out.
package enum SegmentGap {
    /// The metrics that are judged, and the gaps that are still right.
    ///
    /// Calibration is what fairness turns on here: where P(success) is too low for a group, its messages are given up too early. Ranking may
    /// differ more, since some groups are harder to predict.
    package static let limits: [(metric: EvaluationMetric, limit: Double)] = [(.calibrationError, 0.02), (.bias, 0.02), (.auc, 0.1)]
    /// Fewest rows of a group that is judged.
    package static let minimumRows = 500

    /// The gap between the lowest and the highest group by each metric; empty where fewer than two groups can be judged.
    package static func gaps(
        segment: String, _ groups: [(name: String, evaluation: BootstrapEvaluation)]
    ) -> [Manifest.Assessment.Gap] {
        limits.compactMap { metric, limit in
            let judged = groups.filter { $0.evaluation.evaluation.rowCount >= minimumRows && corrected($0.evaluation, metric).isFinite }
            guard judged.count >= 2,
                let lowest = judged.min(by: { corrected($0.evaluation, metric) < corrected($1.evaluation, metric) }),
                let highest = judged.max(by: { corrected($0.evaluation, metric) < corrected($1.evaluation, metric) })
            else { return nil }
            let gap = corrected(highest.evaluation, metric) - corrected(lowest.evaluation, metric)
            let differences = zip(highest.evaluation.resamples, lowest.evaluation.resamples).map { $0[metric] - $1[metric] }
            let deviation = BootstrapInterval(value: gap, resamples: differences).deviation
            guard deviation.isFinite else { return nil }
            let z = normalQuantile(oneSided: 0.025 / Double(judged.count * (judged.count - 1)))
            let reach = z * deviation
            return Manifest.Assessment.Gap(
                segment: segment, metric: metric.rawValue, lowest: lowest.name, highest: highest.name,
                gap: Manifest.Metric(gap, lower: gap - reach, upper: gap + reach), limit: limit,
                isFlagged: gap > limit && gap - reach > 0)
        }
    }

    /// The figure less what resampling adds to it, which estimates what chance has added already; not below 0 then.
    private static func corrected(_ group: BootstrapEvaluation, _ metric: EvaluationMetric) -> Double {
        let value = group.evaluation[metric]
        let draws = group.resamples.map { $0[metric] }.filter { !$0.isNaN }
        guard metric.isInflatedByResampling, !draws.isEmpty else { return value }
        return max(0, 2 * value - draws.reduce(0, +) / Double(draws.count))
    }

    /// z with P(Z > z) = `tail`, in (0, 0.5]: Abramowitz and Stegun (1964), 26.2.23, within 4.5e-4.
    static func normalQuantile(oneSided tail: Double) -> Double {
        let t = (-2 * log(tail)).squareRoot()
        let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
        let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        return t - numerator / denominator
    }
}
