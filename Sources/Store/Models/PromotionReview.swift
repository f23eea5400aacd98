internal import Foundation
package import Scoring

/// Whether a version may become the champion, by its evaluation and the champion's.
///
/// Lower log loss is better. A version is refused where it is worse and chance does not explain it: where the interval of the paired
/// difference on the same rows lies above 0, or, without one, where the two 95 % intervals do not overlap. Evaluations that cannot be
/// compared are refused too: nobody knows then which is better.
package struct PromotionReview: Equatable, Sendable {
    package enum Verdict: String, Equatable, Sendable {
        case accepted
        case worse
        case incomparable
    }

    package let verdict: Verdict
    /// The figures, in a sentence.
    package let finding: String

    init(_ verdict: Verdict, _ finding: String) {
        self.verdict = verdict
        self.finding = finding
    }

    /// - Parameter champion: `nil` = there is none, so anything is better.
    package init(of candidate: ModelEvaluation, against champion: ModelEvaluation?) {
        guard let champion else {
            self.init(.accepted, "there was no champion to compare \(candidate.version) with")
            return
        }
        if let difference = candidate.differences[champion.version] {
            self.init(candidate, champion, paired: difference)
        } else {
            self.init(candidate, unpaired: champion)
        }
    }

    private init(_ candidate: ModelEvaluation, _ champion: ModelEvaluation, paired difference: Manifest.Metric) {
        guard let lower = difference.lower, let upper = difference.upper, lower <= upper else {
            self.init(.incomparable, "the comparison of \(candidate.version) with \(champion.version) has no interval")
            return
        }
        let figures =
            "log loss of \(candidate.version) − \(champion.version) on the same rows: \(Self.text(difference)) nats"
        if lower > 0 {
            self.init(.worse, "\(figures), so \(candidate.version) is worse beyond its interval")
        } else {
            self.init(.accepted, "\(figures), so \(candidate.version) is \(upper < 0 ? "better" : "not worse beyond its interval")")
        }
    }

    private init(_ candidate: ModelEvaluation, unpaired champion: ModelEvaluation) {
        guard let own = Interval(candidate), let other = Interval(champion) else {
            let version = Interval(candidate) == nil ? candidate.version : champion.version
            self.init(
                .incomparable,
                "the manifest of \(version) has no log loss with an interval, so it cannot be compared; "
                    + "train it again with this version of Herald")
            return
        }
        guard candidate.data == champion.data, candidate.rowCount == champion.rowCount else {
            self.init(
                .incomparable,
                "\(candidate.version) and \(champion.version) were evaluated on different test rows (data \(candidate.data.prefix(8)) and "
                    + "\(champion.data.prefix(8))), so their figures cannot be compared; train again with "
                    + "\(champion.version) as parent for a comparison on the same rows")
            return
        }
        let figures = "log loss \(candidate.version): \(Self.text(own.metric)), \(champion.version): \(Self.text(other.metric)) nats"
        if own.metric.value > other.metric.value, own.lower > other.upper {
            self.init(.worse, "\(figures), so \(candidate.version) is worse beyond its interval")
        } else {
            let relation = own.metric.value > other.metric.value ? "not worse beyond its interval" : "not worse"
            self.init(.accepted, "\(figures), so \(candidate.version) is \(relation)")
        }
    }

    /// A log loss that has its interval.
    private struct Interval {
        let metric: Manifest.Metric
        let lower: Double
        let upper: Double

        init?(_ evaluation: ModelEvaluation) {
            guard let metric = evaluation.logLoss, let lower = metric.lower, let upper = metric.upper, lower <= upper else { return nil }
            self.metric = metric
            self.lower = lower
            self.upper = upper
        }
    }

    /// `0.52210 [0.51800, 0.52600]`.
    package static func text(_ metric: Manifest.Metric) -> String {
        let value = String(format: "%.5f", metric.value)
        guard let lower = metric.lower, let upper = metric.upper else { return value }
        return value + String(format: " [%.5f, %.5f]", lower, upper)
    }
}
