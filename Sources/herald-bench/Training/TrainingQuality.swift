import Foundation

/// How good the models of a run are: two that did the same work agree in it.
struct TrainingQuality {
    /// Of the model, by the name of the metric.
    let metrics: [String: Double]
    /// Log loss of each baseline.
    let baselineLosses: [String: Double]
    let trees: Int
    let library: String

    /// Reads a manifest of Herald's or of the peer's, which has plain numbers where Herald has intervals.
    init(manifest path: String) throws {
        let object = FileManager.default.contents(atPath: path).flatMap { try? JSONSerialization.jsonObject(with: $0) }
        guard let manifest = object as? [String: Any], let metrics = manifest["metrics"] as? [String: Any],
            let baselines = manifest["baselines"] as? [String: [String: Any]]
        else { throw BenchmarkError("'\(path)' is no manifest") }
        self.metrics = metrics.compactMapValues(Self.number)
        baselineLosses = baselines.compactMapValues { $0["log_loss"].flatMap(Self.number) }
        let training = manifest["training"] as? [String: Any] ?? manifest
        trees = training["trees"] as? Int ?? 0
        library = training["library"] as? String ?? "unknown"
    }

    private static func number(_ value: Any) -> Double? {
        value as? Double ?? (value as? [String: Any])?["value"] as? Double
    }
}
