internal import Foundation
internal import Scoring

extension ReportPage {
    /// What the trees are asked for a report, besides the manifest's figures.
    struct Explanation {
        var importances: FeatureImportances
        var learning: LearningCurve
        var boosting: BoostingCurve
    }

    /// The report of a training run.
    ///
    /// - Parameters:
    ///   - margins: the model's log-odds of the test rows, before calibration.
    ///   - probabilities: its calibrated probabilities of them.
    ///   - labels: their outcomes, 1 = delivered, 0 = not.
    init(
        manifest: Manifest, measurement: TestMeasurement, split: TimeSplit, pendingRows: Int, margins: [Float], probabilities: [Float],
        labels: [Float], explanation: Explanation
    ) {
        self.init(
            header: Self.header(manifest, split: split, pendingRows: pendingRows), metrics: Self.values(measurement.model.metrics))
        optimum = measurement.truth.map { Optimum(auc: $0.evaluation.auc, logLoss: $0.evaluation.logLoss) }
        comparisons = Self.comparisons(measurement, champion: manifest.parentVersion)
        roc = ROCCurve(probabilities: probabilities, labels: labels)
        precisionRecall = PrecisionRecallCurve(probabilities: probabilities, labels: labels)
        let own = margins.map { Float(Logistic.probability(margin: Double($0))) }
        reliability = Reliability(
            kind: manifest.calibration.kind,
            before: manifest.calibration == .identity ? nil : ReliabilityCurve(probabilities: own, labels: labels),
            after: ReliabilityCurve(probabilities: probabilities, labels: labels))
        histogram = ProbabilityHistogram(probabilities: probabilities, labels: labels)
        thresholds = ThresholdTable(probabilities: probabilities, labels: labels, operatingThreshold: Double(measurement.threshold))
        importances = explanation.importances
        learning = explanation.learning
        boosting = explanation.boosting
        segments = Self.segments(measurement)
        trials = Self.trials(manifest.training?.tuning ?? [])
    }

    private static func header(_ manifest: Manifest, split: TimeSplit, pendingRows: Int) -> Header {
        let starts = [manifest.data.from, split.validationFrom, split.calibrationFrom, split.testFrom]
        let purposes = [
            "training": "the trees are fitted to it", "validation": "says how many trees",
            "calibration": "fits the scale and the threshold",
            "test": "only measures",
        ]
        let parts = zip(manifest.training?.periods ?? [], starts).map { period, start in
            Part(name: period.name, purpose: purposes[period.name] ?? "", rows: period.rows, rate: period.rate, from: start)
        }
        let depth = manifest.training?.parameters["max_depth"].map { " of depth \(Int($0)) at most" } ?? ""
        return Header(
            version: manifest.modelVersion, createdAt: manifest.createdAt, parentVersion: manifest.parentVersion,
            model: "\(manifest.training?.trees ?? 0) trees\(depth) (\(manifest.training?.library ?? "unknown library"))",
            source: manifest.data.source, sourceSHA256: manifest.data.sha256, from: manifest.data.from, to: manifest.data.to, parts: parts,
            pendingRows: pendingRows, featureCount: manifest.schema.featureCount, schemaFingerprint: manifest.schema.fingerprint)
    }

    /// The measures this page knows, in its order.
    private static func values(_ metrics: [String: Manifest.Metric]) -> [MeasuredValue] {
        Measure.allCases.compactMap { measure in
            metrics[measure.rawValue].map { MeasuredValue(measure, Estimate($0.value, lower: $0.lower, upper: $0.upper)) }
        }
    }

    private static func comparisons(_ measurement: TestMeasurement, champion: String?) -> [Comparison] {
        var evaluations = measurement.baselines
        if let champion = measurement.champion { evaluations.append(("champion", champion)) }
        let differences = Dictionary(uniqueKeysWithValues: measurement.comparisons.map { ($0.name, $0.comparison.differences) })
        return evaluations.map { name, evaluation in
            let isChampion = name == "champion"
            return Comparison(
                name: isChampion ? champion ?? name : name.replacing("_", with: " "), isChampion: isChampion,
                values: values(evaluation.metrics), differences: values(differences[name] ?? [:]))
        }
    }

    private static func segments(_ measurement: TestMeasurement) -> [SegmentGroup] {
        let gaps = measurement.gaps.filter(\.isFlagged)
        return measurement.segments.map { division in
            SegmentGroup(
                dimension: division.name.prefix(1).uppercased() + division.name.dropFirst(),
                segments: division.groups.map { group in
                    let measured = group.evaluation.evaluation
                    return Segment(
                        name: group.name, rows: measured.rowCount, rate: measured.baseRate,
                        meanPrediction: measured.baseRate + measured[.bias], auc: measured.auc, logLoss: measured.logLoss,
                        calibrationError: measured.calibrationError,
                        gaps: gaps.filter { $0.segment == division.name }.compactMap { Self.sentence($0, of: group.name) })
                })
        }
    }

    /// What a flagged gap says of a group: of the one that is the worse off by it.
    private static func sentence(_ gap: Manifest.Assessment.Gap, of group: String) -> String? {
        let size = gap.gap.value
        switch EvaluationMetric(rawValue: gap.metric) {
        case .auc:
            guard group == gap.lowest else { return nil }
            return "AUC \(Figure.decimal(size, 3)) below that of \(gap.segment) \(gap.highest), limit \(Figure.trimmed(gap.limit))"
        case .bias:
            guard group == gap.highest else { return nil }
            return "predicted too high by \(Figure.decimal(100 * size, 1)) points more than \(gap.segment) \(gap.lowest), "
                + "limit \(Figure.trimmed(100 * gap.limit))"
        default:
            guard group == gap.highest else { return nil }
            let name = Measure(rawValue: gap.metric)?.nameInSentence ?? gap.metric
            return "\(name) \(Figure.decimal(size, 3)) above that of \(gap.segment) \(gap.lowest), limit \(Figure.trimmed(gap.limit))"
        }
    }

    private static func trials(_ trials: [Manifest.TrainingRun.Trial]) -> [Trial] {
        let best = trials.map(\.validationLogLoss).min()
        let chosen = trials.firstIndex { $0.validationLogLoss == best }
        return trials.enumerated().map { index, trial in
            Trial(
                parameters: trial.parameters.sorted { $0.key < $1.key }.map { ($0.key, Figure.trimmed($0.value)) },
                validationLogLoss: trial.validationLogLoss, trees: trial.trees, isChosen: index == chosen)
        }
    }
}
