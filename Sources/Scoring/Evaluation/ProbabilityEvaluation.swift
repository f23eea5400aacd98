/// How well probabilities agree with what happened.
package struct ProbabilityEvaluation: Equatable, Sendable {
    package let rowCount: Int
    /// By `EvaluationMetric.index`; NaN where there is no such figure, as the AUC of rows of one kind.
    private let values: [Double]

    init(rowCount: Int, values: [Double]) {
        self.rowCount = rowCount
        self.values = values
    }

    /// Measures `probabilities` in [0, 1] against `labels`, 1 or 0.
    ///
    /// Both have the same length, at least 1.
    ///
    /// - Parameter threshold: the operating threshold of precision, recall and F1.
    package init(probabilities: [Float], labels: [Float], threshold: Float = 0.5) {
        let rows = EvaluationRows(labels: labels)
        self = RankedRows(probabilities: probabilities, rows: rows, threshold: threshold).evaluation()
    }

    package subscript(metric: EvaluationMetric) -> Double { values[metric.index] }

    package var auc: Double { self[.auc] }
    package var prAUC: Double { self[.prAUC] }
    package var logLoss: Double { self[.logLoss] }
    package var brier: Double { self[.brier] }
    package var calibrationError: Double { self[.calibrationError] }
    package var baseRate: Double { self[.baseRate] }
}
