/// Precision against recall over all thresholds.
package struct PrecisionRecallCurve: Equatable, Sendable {
    /// By ascending recall, at most 200: x = recall, y = precision.
    package let points: [CurvePoint]
    /// Of a vertical distance where points are left out: the first rows alone make the precision jump about; that is noise, not to be
    /// drawn at every jump.
    static let verticalWeight = 0.1
    /// Mean precision, weighted with the recall gained at each threshold (average precision), before the curve was thinned.
    package let averagePrecision: Double
    /// Share of delivered rows: the precision of a model that knows nothing.
    package let baseRate: Double

    /// `nil` where no row was delivered.
    ///
    /// `probabilities` are in [0, 1], `labels` 1 (delivered) or 0.
    package init?(probabilities: [Float], labels: [Float]) {
        let rows = RankedOutcomes(probabilities: probabilities, labels: labels)
        guard rows.positives > 0 else { return nil }
        var points: [CurvePoint] = []
        var (positives, predicted, area) = (0, 0, 0.0)
        for tie in rows.ties {
            positives += tie.positives
            predicted += tie.count
            let precision = Double(positives) / Double(predicted)
            area += Double(tie.positives) / Double(rows.positives) * precision
            // Without any delivered row yet, the precision of 0 is that of a handful of rows.
            guard positives > 0 else { continue }
            points.append(CurvePoint(x: Double(positives) / Double(rows.positives), y: precision, threshold: tie.probability))
        }
        self.points = points.thinned(verticalWeight: Self.verticalWeight)
        averagePrecision = area
        baseRate = Double(rows.positives) / Double(rows.count)
    }
}
