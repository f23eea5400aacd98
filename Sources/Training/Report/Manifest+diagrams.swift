internal import Scoring

extension Manifest.Assessment.Diagrams {
    /// What the report draws, with fewer points.
    ///
    /// - Parameters:
    ///   - probabilities: calibrated ones of the test rows.
    ///   - labels: their outcomes, 1 = delivered, 0 = not.
    ///   - importances: `nil` where the trees were not asked.
    init(probabilities: [Float], labels: [Float], importances: FeatureImportances?) {
        let limit = Self.maximumPointCount
        let roc = ROCCurve(probabilities: probabilities, labels: labels)?.points ?? []
        let precisionRecall = PrecisionRecallCurve(probabilities: probabilities, labels: labels)?.points ?? []
        self.init(
            reliability: ReliabilityCurve(probabilities: probabilities, labels: labels).bins.map { bin in
                // Rounding can put an end of the interval behind a share of 0 or 1.
                ReliabilityBin(
                    predicted: bin.predicted, observed: bin.observed, lower: min(bin.interval.lowerBound, bin.observed),
                    upper: max(bin.interval.upperBound, bin.observed), rows: bin.count)
            },
            roc: roc.thinned(to: limit, verticalWeight: ROCCurve.verticalWeight).map {
                ROCPoint(falsePositiveRate: $0.x, truePositiveRate: $0.y)
            },
            precisionRecall: precisionRecall.thinned(to: limit, verticalWeight: PrecisionRecallCurve.verticalWeight).map {
                PrecisionRecallPoint(recall: $0.x, precision: $0.y)
            },
            importances: (importances?.features ?? []).prefix(Self.maximumImportanceCount).map {
                Importance(feature: $0.name, contribution: $0.meanAbsoluteContribution, gain: $0.gainShare)
            })
    }
}
