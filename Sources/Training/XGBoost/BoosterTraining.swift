internal import Foundation

/// A model as libxgboost made it.
struct TrainedModel {
    let ubjson: [UInt8]
    /// libxgboost's own margins of the test rows.
    let testMargins: [Float]
}

/// Boosts trees until the validation log loss stops falling, and keeps those up to the best.
struct BoosterTraining {
    private let configuration: TrainingConfiguration
    private let featureNames: [String]

    init(_ configuration: TrainingConfiguration, featureNames: [String]) {
        self.configuration = configuration
        self.featureNames = featureNames
    }

    /// `grown` receives the number of trees and the validation log loss after each.
    func run(_ rows: SplitRows, grown: (_ trees: Int, _ validationLogLoss: Double) -> Void) throws(XGBoostError) -> TrainedModel {
        let training = try matrix(rows.training)
        let validation = try matrix(rows.validation)
        var booster = try Booster.untrained(
            parameters: parameters(baseScore: rows.training.rate), training: training, validation: validation)
        var best = (trees: 0, loss: Double.infinity)
        for round in 0..<configuration.maximumTrees {
            try booster.boost(round: round, on: training)
            let loss = Self.logLoss(margins: try booster.margins(of: validation), labels: rows.validation.labels)
            if loss < best.loss { best = (round + 1, loss) }
            grown(round + 1, loss)
            if round + 1 - best.trees >= configuration.patience { break }
        }
        var model = try booster.prefix(rounds: best.trees)
        try model.setFeatureNames(featureNames)
        return TrainedModel(ubjson: try model.ubjson(), testMargins: try model.margins(of: try matrix(rows.test)))
    }

    private func matrix(_ rows: LabelledRows) throws(XGBoostError) -> DMatrix {
        try DMatrix.copying(
            rows: rows.features, columnCount: featureNames.count, labels: rows.labels, threads: configuration.threads)
    }

    private func parameters(baseScore: Double) -> [(name: String, value: String)] {
        [
            ("objective", "binary:logistic"),
            ("tree_method", "hist"),
            ("base_score", "\(Float(baseScore))"),
            ("max_depth", "\(configuration.maximumDepth)"),
            ("eta", "\(configuration.learningRate)"),
            ("min_child_weight", "5"),
            ("seed", "\(configuration.seed)"),
            ("nthread", "\(configuration.threads)"),
            // The loss is computed here; libxgboost's own would be rounded to text.
            ("disable_default_eval_metric", "1"),
            ("verbosity", "0"),
        ]
    }

    /// Mean negative log-likelihood in nats, from the margins, where no probability can be rounded to 0 or 1.
    static func logLoss(margins: [Float], labels: [Float]) -> Double {
        var sum = 0.0
        for (margin, label) in zip(margins, labels) {
            let m = Double(margin)
            sum += max(m, 0) - m * Double(label) + log1p(exp(-abs(m)))
        }
        return sum / Double(labels.count)
    }
}
