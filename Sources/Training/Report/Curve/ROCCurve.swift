/// True against false positive rate over all thresholds.
package struct ROCCurve: Equatable, Sendable {
    /// From (0, 0) to (1, 1), at most 200: x = false positive rate, y = true positive rate.
    package let points: [CurvePoint]
    /// Of a vertical distance where points are left out.
    static let verticalWeight = 1.0
    /// Area under the whole curve, before it was thinned.
    package let auc: Double

    /// `nil` where only one kind of row occurs.
    ///
    /// `probabilities` are in [0, 1], `labels` 1 (delivered) or 0.
    package init?(probabilities: [Float], labels: [Float]) {
        let rows = RankedOutcomes(probabilities: probabilities, labels: labels)
        guard rows.positives > 0, rows.negatives > 0 else { return nil }
        var points = [CurvePoint(x: 0, y: 0, threshold: 2)]
        var (positives, negatives, twiceWins) = (0, 0, 0)
        for tie in rows.ties {
            // Every negative of this tie loses against the positives above it, and half against those beside it.
            twiceWins += tie.negatives * (2 * positives + tie.positives)
            positives += tie.positives
            negatives += tie.negatives
            points.append(
                CurvePoint(
                    x: Double(negatives) / Double(rows.negatives), y: Double(positives) / Double(rows.positives),
                    threshold: tie.probability))
        }
        self.points = points.thinned(verticalWeight: Self.verticalWeight)
        auc = Double(twiceWins) / (2 * Double(rows.positives) * Double(rows.negatives))
    }
}
