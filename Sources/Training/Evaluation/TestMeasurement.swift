package import Scoring

/// Everything that is measured on the test period, by one bootstrap, so that any two figures can be compared.
package struct TestMeasurement: Sendable {
    /// From this probability on a row counts as predicted to be delivered.
    package let threshold: Float
    package let resamples: Int
    package let model: BootstrapEvaluation
    /// In the order in which they are shown.
    package let baselines: [(name: String, evaluation: BootstrapEvaluation)]
    package let champion: BootstrapEvaluation?
    /// Of the world's own probabilities: what no model can beat but by chance.
    package let truth: BootstrapEvaluation?
    /// The model's figures by division and group, such as `channel` and `sms`.
    package let segments: [(name: String, groups: [(name: String, evaluation: BootstrapEvaluation)])]

    /// - Parameters:
    ///   - rows: the test rows.
    ///   - baselines: their probabilities by name.
    ///   - progress: gets the number of resamples drawn.
    init(
        _ probabilities: [Float], baselines: [(name: String, probabilities: [Float])], champion: [Float]?, truth: [Float]?,
        on rows: EvaluationRows, segmentations: [Segmentation], threshold: Float, bootstrap: ClusterBootstrap, progress: (Int) -> Void
    ) {
        var samples = ([probabilities] + baselines.map(\.probabilities) + [champion, truth].compactMap(\.self)).map {
            RankedRows(probabilities: $0, rows: rows, threshold: threshold)
        }
        for group in segmentations.flatMap(\.groups) {
            samples.append(RankedRows(probabilities: probabilities, rows: rows, subset: group.rows, threshold: threshold))
        }
        var results = bootstrap.evaluate(samples, groupCount: rows.groupCount, progress: progress)[...]
        self.threshold = threshold
        resamples = bootstrap.resamples
        model = results.removeFirst()
        self.baselines = baselines.map { ($0.name, results.removeFirst()) }
        self.champion = champion.map { _ in results.removeFirst() }
        self.truth = truth.map { _ in results.removeFirst() }
        segments = segmentations.map { division in (division.name, division.groups.map { ($0.name, results.removeFirst()) }) }
    }

    /// The model's metrics, with those against the truth where it is known.
    package var metrics: [String: Manifest.Metric] {
        var metrics = model.metrics
        guard let truth else { return metrics }
        metrics["bayes_auc"] = truth.metric(.auc)
        metrics["bayes_log_loss"] = truth.metric(.logLoss)
        metrics["bayes_ece"] = truth.metric(.calibrationError)
        metrics["bayes_auc_excess_share"] = model.paired(with: truth) { ($0.auc - 0.5) / ($1.auc - 0.5) }
        metrics["bayes_log_loss_ratio"] = model.paired(with: truth) { $0.logLoss / $1.logLoss }
        return metrics
    }

    /// The model against each baseline and, where there is one, the champion.
    package var comparisons: [(name: String, comparison: Comparison)] {
        var comparisons = baselines.map { ($0.name, Comparison(model, against: $0.evaluation)) }
        if let champion { comparisons.append(("champion", Comparison(model, against: champion))) }
        return comparisons
    }

    /// The gaps between the groups of each division.
    package var gaps: [Manifest.Assessment.Gap] {
        segments.flatMap { SegmentGap.gaps(segment: $0.name, $0.groups) }
    }

    /// As the manifest holds it.
    ///
    /// - Parameter contestants: the model and the baselines, for how they were calibrated.
    func assessment(of contestants: [Contestant]) -> Manifest.Assessment {
        Manifest.Assessment(
            operatingThreshold: Double(threshold), resamples: resamples, calibrationLogLosses: contestants.first?.calibrationLogLosses,
            baselineCalibration: Dictionary(uniqueKeysWithValues: contestants.dropFirst().map { ($0.name, $0.calibration.kind) }),
            segments: Dictionary(
                uniqueKeysWithValues: segments.map { division in
                    (division.name, Dictionary(uniqueKeysWithValues: division.groups.map { ($0.name, $0.evaluation.metrics) }))
                }),
            gaps: gaps, comparisons: Dictionary(uniqueKeysWithValues: comparisons.map { ($0.name, $0.comparison.record) }))
    }
}
