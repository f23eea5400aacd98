internal import Glibc

/// What a model was trained for: how its base score becomes a margin and its margin a prediction.
///
/// Raw values are the libraries' names.
package enum Objective: String, CaseIterable, Sendable {
    case binaryLogistic = "binary:logistic"
    /// Logistic loss whose prediction is the margin itself.
    case binaryLogitRaw = "binary:logitraw"
    case squaredError = "reg:squarederror"
    case logistic = "reg:logistic"
    case pairwiseRank = "rank:pairwise"
    case lightGBMBinary = "binary"
    case lightGBMRegression = "regression"
    case lightGBMCrossEntropy = "cross_entropy"

    /// The library that trained a model.
    package enum Library: Sendable {
        case xgboost
        case lightGBM
    }

    package var library: Library {
        switch self {
        case .binaryLogistic, .binaryLogitRaw, .squaredError, .logistic, .pairwiseRank: .xgboost
        case .lightGBMBinary, .lightGBMRegression, .lightGBMCrossEntropy: .lightGBM
        }
    }

    /// Whether a prediction is a probability, that is, the sigmoid of the margin.
    package var isProbability: Bool {
        switch self {
        case .binaryLogistic, .logistic, .lightGBMBinary, .lightGBMCrossEntropy: true
        case .binaryLogitRaw, .squaredError, .pairwiseRank, .lightGBMRegression: false
        }
    }

    /// The names of a library's objectives, for messages.
    static func names(of library: Library) -> String {
        allCases.filter { $0.library == library }.map(\.rawValue).joined(separator: ", ")
    }

    /// The prediction XGBoost makes of a margin: the sigmoid for the logistic objectives, else the margin itself.
    ///
    /// The sigmoid is `common::Sigmoid(float)` of XGBoost 1.7 to 3.x, operation by operation in single precision. (Its guard against
    /// division by zero, `+ 1e-16f`, changes no float above 1 and is left out.)
    package func prediction(margin: Float) -> Float {
        guard isProbability else { return margin }
        return 1 / (expf(min(-margin, 88.7)) + 1)
    }

    /// The prediction LightGBM makes of a margin: `1 / (1 + exp(-sigmoid * margin))` for probabilities, else the margin itself.
    func prediction(margin: Double, sigmoid: Double) -> Double {
        isProbability ? 1 / (1 + exp(-sigmoid * margin)) : margin
    }

    /// The margin that every sum starts from (`ProbToMargin`), in single precision; `nil` for a score that the objective cannot have.
    ///
    /// From 3.2 on, the logistic objectives take 0 and 1 too and clip to [1e-6, 1 − 1e-6]; before, they refuse both and do not clip.
    func baseMargin(score: Float, clips: Bool) -> Float? {
        guard score.isFinite else { return nil }
        guard isProbability else { return score }
        guard (0...1).contains(score), clips || (score > 0 && score < 1) else { return nil }
        let epsilon: Float = 1e-6
        let probability = clips ? min(max(score, epsilon), 1 - epsilon) : score
        return -logf(1 / probability - 1)
    }
}
