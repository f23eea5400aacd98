/// What becomes of predictions where a probability is cut into yes and no.
package struct ThresholdTable: Equatable, Sendable {
    package struct Row: Equatable, Sendable {
        /// Rows with at least this probability count as predicted to be delivered.
        package var threshold: Double
        /// Share of all rows that are predicted to be delivered.
        package var predictedShare: Double
        /// NaN where nothing is predicted to be delivered.
        package var precision: Double
        package var recall: Double
        /// Share of the failed rows that are predicted to fail.
        package var specificity: Double
        /// Share of right predictions.
        package var accuracy: Double
        package var isOperating: Bool

        /// Harmonic mean of precision and recall; 0 where either is 0 or has no value.
        package var f1: Double {
            guard precision > 0, recall > 0 else { return 0 }
            return 2 * precision * recall / (precision + recall)
        }
    }

    /// By ascending threshold: tenths, and the operating threshold in the place of one that is as good as equal.
    package let rows: [Row]

    /// `nil` where only one kind of row occurs.
    ///
    /// `probabilities` are in [0, 1], `labels` 1 (delivered) or 0, `operatingThreshold` in [0, 1].
    package init?(probabilities: [Float], labels: [Float], operatingThreshold: Double) {
        let ranked = RankedOutcomes(probabilities: probabilities, labels: labels)
        guard ranked.positives > 0, ranked.negatives > 0 else { return nil }
        let tenths = (1...9).map { Double($0) / 10 }.filter { abs($0 - operatingThreshold) > 0.005 }
        rows = (tenths + [operatingThreshold]).sorted().map { threshold in
            Self.row(ranked, threshold, isOperating: threshold == operatingThreshold)
        }
    }

    private static func row(_ ranked: RankedOutcomes, _ threshold: Double, isOperating: Bool) -> Row {
        var (positives, negatives) = (0, 0)
        // Probabilities are single: 0.3 means the nearest of them, on both sides of the comparison.
        for tie in ranked.ties.prefix(while: { $0.probability >= Double(Float(threshold)) }) {
            positives += tie.positives
            negatives += tie.negatives
        }
        let count = Double(ranked.count)
        return Row(
            threshold: threshold, predictedShare: Double(positives + negatives) / count,
            precision: Double(positives) / Double(positives + negatives), recall: Double(positives) / Double(ranked.positives),
            specificity: Double(ranked.negatives - negatives) / Double(ranked.negatives),
            accuracy: Double(positives + ranked.negatives - negatives) / count, isOperating: isOperating)
    }
}
