import Foundation
import Scoring
import Training

/// A training run as tables for a terminal: the contestants, the groups, and what is to be minded.
struct TrainingTable {
    private let report: TrainingReport
    private let measurement: TestMeasurement

    init(_ report: TrainingReport) {
        self.report = report
        measurement = report.measurement
    }

    var text: String {
        ([head, "", contestants, "", groups, "", gaps] + (tuning.map { ["", $0] } ?? [])).joined(separator: "\n")
    }

    // MARK: Parts

    private var head: String {
        let training = report.manifest.training
        let periods =
            training?.periods.map { "\($0.rows) \($0.name)" }.joined(separator: ", ")
            ?? "\(measurement.model.evaluation.rowCount) test"
        let trees = training.map { "\($0.trees) trees" } ?? "trained elsewhere"
        return """
            \(report.path): \(trees), \(report.manifest.schema.featureCount) features, \
            \(report.manifest.calibration.kind) calibration
            rows: \(periods); \(report.pendingRows) left out because their outcome is not known\(duplicate)\(superseded)
            """
    }

    private var duplicate: String {
        report.leftOut.duplicate == 0 ? "" : ", \(report.leftOut.duplicate) because their job_id occurs before"
    }

    /// Of a log, the decisions that are no rows.
    private var superseded: String {
        guard report.leftOut.superseded + report.leftOut.noAttempt > 0 else { return "" }
        return ", \(report.leftOut.superseded) because the attempt was made otherwise, \(report.leftOut.noAttempt) because none was chosen"
    }

    /// The figures of the model and of all it is compared with, on the test rows.
    private var contestants: String {
        var rows = [["on the test rows", "AUC", "PR-AUC", "log loss", "Brier", "ECE", "model less this, log loss"]]
        let metrics: [EvaluationMetric] = [.auc, .prAUC, .logLoss, .brier, .calibrationError]
        func row(_ name: String, _ evaluation: BootstrapEvaluation, _ verdict: String) -> [String] {
            [Self.words(name)] + metrics.map { Self.cell(evaluation.metric($0)) } + [verdict]
        }
        rows.append(row("model", measurement.model, ""))
        let verdicts = Dictionary(uniqueKeysWithValues: measurement.comparisons.map { ($0.name, Self.verdict($0.comparison)) })
        for baseline in measurement.baselines { rows.append(row(baseline.name, baseline.evaluation, verdicts[baseline.name] ?? "")) }
        if let champion = measurement.champion { rows.append(row("champion", champion, verdicts["champion"] ?? "")) }
        if let truth = measurement.truth { rows.append(row("truth", truth, "")) }
        var lines = [TextTable(rows).text]
        lines.append(
            String(format: "operating threshold %.3f: precision ", Double(measurement.threshold))
                + Self.cell(measurement.model.metric(.precision)) + ", recall " + Self.cell(measurement.model.metric(.recall)) + ", F1 "
                + Self.cell(measurement.model.metric(.f1)))
        let shares = measurement.metrics
        if let excess = shares["bayes_auc_excess_share"], let ratio = shares["bayes_log_loss_ratio"] {
            lines.append("of the best possible: AUC excess \(Self.cell(excess)), log loss ratio \(Self.cell(ratio))")
        }
        return lines.joined(separator: "\n")
    }

    private var groups: String {
        var rows = [["of the model", "", "rows", "delivered", "AUC", "log loss", "ECE", "bias"]]
        for division in measurement.segments {
            let groups = Self.shown(division.groups)
            for (index, group) in groups.enumerated() {
                let evaluation = group.evaluation
                rows.append(
                    [
                        index == 0 ? division.name : "", group.name, "\(evaluation.evaluation.rowCount)",
                        String(format: "%.1f %%", evaluation.evaluation.baseRate * 100),
                    ]
                        + [.auc, .logLoss, .calibrationError, .bias].map { Self.cell(evaluation.metric($0)) })
            }
            if groups.count < division.groups.count {
                rows.append(["", "\(division.groups.count - groups.count) more", "", "", "", "", "", ""])
            }
        }
        return TextTable(rows).text
    }

    /// All groups, or the largest of many; the manifest has the rest.
    private static func shown(
        _ groups: [(name: String, evaluation: BootstrapEvaluation)]
    ) -> [(name: String, evaluation: BootstrapEvaluation)] {
        guard groups.count > 12 else { return groups }
        return Array(groups.sorted { $0.evaluation.evaluation.rowCount > $1.evaluation.evaluation.rowCount }.prefix(8))
    }

    private var gaps: String {
        var rows = [["gaps between groups", "of", "from", "to", "gap", "limit", ""]]
        for gap in measurement.gaps {
            rows.append(
                [
                    gap.segment, gap.metric, gap.lowest, gap.highest, Self.cell(gap.gap), String(format: "%.2f", gap.limit),
                    gap.isFlagged ? "too large" : "",
                ])
        }
        return TextTable(rows).text
    }

    private var tuning: String? {
        guard let training = report.manifest.training, !training.tuning.isEmpty else { return nil }
        let names = BoostingParameters().values.keys.sorted()
        var rows = [["trial"] + names + ["trees", "validation log loss", ""]]
        let best = training.tuning.map(\.validationLogLoss).min()
        for (index, trial) in training.tuning.enumerated() {
            rows.append(
                ["\(index + 1)"] + names.map { String(format: "%g", trial.parameters[$0] ?? .nan) }
                    + ["\(trial.trees)", String(format: "%.5f", trial.validationLogLoss), trial.validationLogLoss == best ? "best" : ""])
        }
        return TextTable(rows).text
    }

    // MARK: Cells

    private static func words(_ name: String) -> String { name.replacing("_", with: " ") }

    private static func cell(_ metric: Manifest.Metric?) -> String {
        guard let metric else { return "–" }
        let value = String(format: "%.4f", metric.value)
        guard let lower = metric.lower, let upper = metric.upper else { return value }
        return value + String(format: " [%.4f, %.4f]", lower, upper)
    }

    private static func verdict(_ comparison: Comparison) -> String {
        let difference = cell(comparison.differences[EvaluationMetric.logLoss.rawValue])
        return "\(comparison.verdict.rawValue)  \(difference)"
    }
}
