/// A part of the way from rows to artifact.
enum TrainingStage: String, CaseIterable {
    /// Of the program: for the peer, that of Python and its packages.
    case start
    /// From the file to the matrices, live health included.
    case features
    case boosting
    /// Prior, logistic regression and random forest.
    case baselines
    case calibration
    /// On the test rows, and by segment.
    case metrics
    /// Of Herald alone: the bootstrap, and what drift will be measured against.
    case intervals
    /// Of Herald alone: SHAP values, learning curve and report.
    case explanation
    /// Writing it and, of Herald alone, verifying that it scores as libxgboost does.
    case artifact

    /// Whether both sides do the same in it.
    var isShared: Bool {
        switch self {
        case .features, .boosting, .baselines, .calibration, .metrics, .artifact: true
        case .start, .intervals, .explanation: false
        }
    }

    /// The stage that a line of progress belongs to; `nil` for one that is not of progress.
    init?(_ line: [String: Any]) {
        guard let phase = line["phase"] as? String else { return nil }
        switch phase {
        case "starting": self = .start
        case "surveying", "reading": self = .features
        case "boosting": self = .boosting
        case "comparing": self = .baselines
        case "calibrating": self = .calibration
        // The figures themselves come before the first resample.
        case "evaluating": self = line["done"] as? Int ?? 0 == 0 ? .metrics : .intervals
        case "explaining": self = .explanation
        case "finishing": self = .artifact
        default: return nil
        }
    }
}
