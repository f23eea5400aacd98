extension Manifest.Assessment {
    /// What is drawn of the test period, of calibrated probabilities: small enough to be sent with the manifest.
    package struct Diagrams: Codable, Equatable, Sendable {
        /// Rows of about the same probability.
        package struct ReliabilityBin: Codable, Equatable, Sendable {
            /// Mean probability.
            package var predicted: Double
            /// Share of delivered rows.
            package var observed: Double
            /// 95 % interval of the observed share (Wilson).
            package var lower: Double
            package var upper: Double
            package var rows: Int

            package init(predicted: Double, observed: Double, lower: Double, upper: Double, rows: Int) {
                self.predicted = predicted
                self.observed = observed
                self.lower = lower
                self.upper = upper
                self.rows = rows
            }
        }

        /// What one threshold makes of the failed and of the delivered rows.
        package struct ROCPoint: Codable, Equatable, Sendable {
            package var falsePositiveRate: Double
            package var truePositiveRate: Double

            package init(falsePositiveRate: Double, truePositiveRate: Double) {
                self.falsePositiveRate = falsePositiveRate
                self.truePositiveRate = truePositiveRate
            }

            private enum CodingKeys: String, CodingKey {
                case falsePositiveRate = "false_positive_rate"
                case truePositiveRate = "true_positive_rate"
            }
        }

        package struct PrecisionRecallPoint: Codable, Equatable, Sendable {
            package var recall: Double
            package var precision: Double

            package init(recall: Double, precision: Double) {
                self.recall = recall
                self.precision = precision
            }
        }

        /// How much a feature matters.
        package struct Importance: Codable, Equatable, Sendable {
            package var feature: String
            /// Mean absolute contribution to the margin of test rows (SHAP), in log-odds.
            package var contribution: Double
            /// Share of the loss reduction of all splits that is due to splits on it, 0–1.
            package var gain: Double

            package init(feature: String, contribution: Double, gain: Double) {
                self.feature = feature
                self.contribution = contribution
                self.gain = gain
            }
        }

        package static let maximumBinCount = 20
        /// Of each curve.
        package static let maximumPointCount = 64
        package static let maximumImportanceCount = 64

        /// By ascending probability, those with rows.
        package var reliability: [ReliabilityBin]
        /// From (0, 0) to (1, 1).
        package var roc: [ROCPoint]
        /// By ascending recall.
        package var precisionRecall: [PrecisionRecallPoint]
        /// The largest contribution first; empty for a model that was trained elsewhere.
        package var importances: [Importance]

        package init(
            reliability: [ReliabilityBin], roc: [ROCPoint], precisionRecall: [PrecisionRecallPoint], importances: [Importance]
        ) {
            self.reliability = reliability
            self.roc = roc
            self.precisionRecall = precisionRecall
            self.importances = importances
        }

        private enum CodingKeys: String, CodingKey {
            case reliability
            case roc
            case precisionRecall = "precision_recall"
            case importances
        }
    }
}

extension Manifest.Assessment.Diagrams {
    func validate() throws(ModelError) {
        try validateReliability(key: "assessment.diagrams.reliability")
        try Self.validate(
            roc.map { ($0.falsePositiveRate, $0.truePositiveRate) }, ("false_positive_rate", "true_positive_rate"),
            isRising: true, key: "assessment.diagrams.roc")
        try Self.validate(
            precisionRecall.map { ($0.recall, $0.precision) }, ("recall", "precision"), isRising: false,
            key: "assessment.diagrams.precision_recall")
        try validateImportances(key: "assessment.diagrams.importances")
    }

    private func validateReliability(key: String) throws(ModelError) {
        try Manifest.bound(reliability.count, 0...Self.maximumBinCount, key: key)
        var last = 0.0
        for (index, bin) in reliability.enumerated() {
            try Manifest.bound(bin.predicted, last...1, key: "\(key).\(index).predicted")
            try Manifest.bound(bin.observed, 0...1, key: "\(key).\(index).observed")
            try Manifest.bound(bin.lower, 0...bin.observed, key: "\(key).\(index).lower")
            try Manifest.bound(bin.upper, bin.observed...1, key: "\(key).\(index).upper")
            try Manifest.bound(bin.rows, 1...Int.max, key: "\(key).\(index).rows")
            last = bin.predicted
        }
    }

    /// Checks a curve from left to right; `isRising`: its second figure never falls.
    private static func validate(
        _ points: [(x: Double, y: Double)], _ names: (x: String, y: String), isRising: Bool, key: String
    ) throws(ModelError) {
        try Manifest.bound(points.count, 0...maximumPointCount, key: key)
        var last = (x: 0.0, y: 0.0)
        for (index, point) in points.enumerated() {
            try Manifest.bound(point.x, last.x...1, key: "\(key).\(index).\(names.x)")
            try Manifest.bound(point.y, (isRising ? last.y : 0)...1, key: "\(key).\(index).\(names.y)")
            last = point
        }
    }

    private func validateImportances(key: String) throws(ModelError) {
        try Manifest.bound(importances.count, 0...Self.maximumImportanceCount, key: key)
        var last = Double.greatestFiniteMagnitude
        for (index, importance) in importances.enumerated() {
            try Manifest.bound(importance.contribution, 0...last, key: "\(key).\(index).contribution")
            try Manifest.bound(importance.gain, 0...1, key: "\(key).\(index).gain")
            last = importance.contribution
        }
    }
}
