/// A figure that says how good a model is; `rawValue` is its key in `manifest.json`.
package enum Measure: String, CaseIterable, Sendable {
    case auc
    case prAUC = "pr_auc"
    case logLoss = "log_loss"
    case brier
    case ece
    case precision
    case recall
    case f1

    var name: String {
        switch self {
        case .auc: "AUC"
        case .prAUC: "PR-AUC"
        case .logLoss: "Log loss"
        case .brier: "Brier score"
        case .ece: "Calibration error"
        case .precision: "Precision"
        case .recall: "Recall"
        case .f1: "F1"
        }
    }

    /// The name within a sentence.
    var nameInSentence: String {
        switch self {
        case .auc, .prAUC, .brier, .f1: name
        case .logLoss, .ece, .precision, .recall: name.lowercased()
        }
    }

    /// Empty for what has none.
    var unit: String {
        self == .logLoss ? "nats" : ""
    }

    var isBetterWhenHigher: Bool {
        switch self {
        case .logLoss, .brier, .ece: false
        case .auc, .prAUC, .precision, .recall, .f1: true
        }
    }

    /// What it measures, in a line.
    var meaning: String {
        switch self {
        case .auc: "chance that a delivered attempt ranks above a failed one"
        case .prAUC: "mean precision over all recalls"
        case .logLoss: "mean surprise by what happened"
        case .brier: "mean squared error of the probability"
        case .ece: "mean distance of predicted from observed rate"
        case .precision: "delivered among those predicted so"
        case .recall: "predicted so among the delivered"
        case .f1: "harmonic mean of precision and recall"
        }
    }

    /// Digits behind the point that mean something.
    static let digits = 4
}
