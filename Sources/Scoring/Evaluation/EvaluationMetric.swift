/// What is measured of probabilities; raw values are the manifest's names.
package enum EvaluationMetric: String, CaseIterable, Sendable {
    /// Chance that a delivered row ranks above one that was not, ties counting half.
    case auc
    /// Area under precision over recall, by steps: the average precision.
    case prAUC = "pr_auc"
    /// Mean negative log-likelihood in nats.
    case logLoss = "log_loss"
    /// Mean squared error of the probability.
    case brier
    /// Mean distance between predicted and observed rate over groups of about equal size: the expected calibration error.
    case calibrationError = "ece"
    /// Mean probability less the observed rate.
    case bias
    /// Share of delivered rows.
    case baseRate = "base_rate"
    /// Of the rows from the operating threshold on, the share that was delivered.
    case precision
    /// Of the delivered rows, the share from the operating threshold on.
    case recall
    /// Harmonic mean of precision and recall.
    case f1

    /// Its place in `allCases`.
    var index: Int {
        switch self {
        case .auc: 0
        case .prAUC: 1
        case .logLoss: 2
        case .brier: 3
        case .calibrationError: 4
        case .bias: 5
        case .baseRate: 6
        case .precision: 7
        case .recall: 8
        case .f1: 9
        }
    }

    /// Whether a resample's figure lies systematically above the sample's: chance widens the distance from the observed rate.
    package var isInflatedByResampling: Bool { self == .calibrationError }
}
