internal import Foundation
package import Scoring

extension ReportPage {
    /// The page as far as a manifest and the test rows' probabilities tell; the rest is for the caller to add.
    ///
    /// - Parameters:
    ///   - model: what it is, in a few words, such as `80 trees of depth 6`.
    ///   - margins: the test rows' log-odds before calibration.
    ///   - probabilities: the same rows' calibrated P(success).
    ///   - labels: their outcomes, 1 = delivered, 0 = not.
    package init(
        manifest: Manifest, model: String, parts: [Part], pendingRows: Int, margins: [Float], probabilities: [Float], labels: [Float],
        operatingThreshold: Double
    ) {
        self.init(
            header: Header(
                version: manifest.modelVersion, createdAt: manifest.createdAt, parentVersion: manifest.parentVersion, model: model,
                source: manifest.data.source, sourceSHA256: manifest.data.sha256, from: manifest.data.from, to: manifest.data.to,
                parts: parts, pendingRows: pendingRows, featureCount: manifest.schema.featureCount,
                schemaFingerprint: manifest.schema.fingerprint),
            metrics: Self.values(manifest.metrics))
        comparisons = manifest.baselines.sorted { $0.key < $1.key }.map { name, metrics in
            Comparison(name: name, values: Self.values(metrics), differences: [])
        }
        roc = ROCCurve(probabilities: probabilities, labels: labels)
        precisionRecall = PrecisionRecallCurve(probabilities: probabilities, labels: labels)
        let isCalibrated = manifest.calibration != .identity
        reliability = Reliability(
            kind: isCalibrated ? "fitted" : "identity",
            before: isCalibrated ? ReliabilityCurve(probabilities: margins.map(Self.logistic), labels: labels) : nil,
            after: ReliabilityCurve(probabilities: probabilities, labels: labels))
        histogram = ProbabilityHistogram(probabilities: probabilities, labels: labels)
        thresholds = ThresholdTable(probabilities: probabilities, labels: labels, operatingThreshold: operatingThreshold)
    }

    /// The measures this page knows, in its order.
    static func values(_ metrics: [String: Manifest.Metric]) -> [MeasuredValue] {
        Measure.allCases.compactMap { measure in
            metrics[measure.rawValue].map { MeasuredValue(measure, Estimate($0.value, lower: $0.lower, upper: $0.upper)) }
        }
    }

    private static func logistic(_ margin: Float) -> Float {
        Float(1 / (1 + exp(-Double(margin))))
    }
}
