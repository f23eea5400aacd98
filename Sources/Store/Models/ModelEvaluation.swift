internal import Foundation
package import Scoring

/// What a manifest says of how well its model predicts: the figures that a promotion rests on.
package struct ModelEvaluation: Equatable, Sendable {
    package var version: String
    /// Log loss in nats on the test rows.
    package var logLoss: Manifest.Metric?
    /// SHA-256 of the data the test rows were taken from, and their number: two evaluations with both alike saw the same rows.
    package var data: String
    package var rowCount: Double?
    /// By version of another model: log loss of this one − the other's on the same rows, with the interval of the difference.
    package var differences: [String: Manifest.Metric]

    package init(
        version: String, logLoss: Manifest.Metric?, data: String, rowCount: Double?, differences: [String: Manifest.Metric] = [:]
    ) {
        self.version = version
        self.logLoss = logLoss
        self.data = data
        self.rowCount = rowCount
        self.differences = differences
    }

    /// - Parameter json: the manifest's bytes; `assessment.comparisons`, which not every artifact has, is read from them.
    package init(_ manifest: Manifest, json: [UInt8]) {
        self.init(
            version: manifest.modelVersion, logLoss: manifest.metrics["log_loss"], data: manifest.data.sha256,
            rowCount: manifest.metrics["rows"]?.value)
        let paired = try? JSONDecoder().decode(Paired.self, from: Data(json))
        for (name, comparison) in paired?.assessment?.comparisons ?? [:] {
            // The one called champion is the champion of when the model was trained: its parent.
            guard let other = name == ModelAlias.champion.rawValue ? manifest.parentVersion : name else { continue }
            differences[other] = comparison.differences["log_loss"]
        }
    }

    private struct Paired: Decodable {
        struct Assessment: Decodable {
            struct Comparison: Decodable {
                var differences: [String: Manifest.Metric]
            }

            var comparisons: [String: Comparison]?
        }

        var assessment: Assessment?
    }
}
