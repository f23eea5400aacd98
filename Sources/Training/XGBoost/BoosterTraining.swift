internal import CXGBoost

/// Trees as libxgboost grew them.
struct BoostedModel {
    /// The trees up to the lowest validation loss, as a UBJSON document.
    let ubjson: [UInt8]
    let treeCount: Int
    /// In nats, with that many trees.
    let validationLogLoss: Double
}

/// Grows models on the rows of the training period; the matrices are made once for all of them.
struct BoosterTraining: ~Copyable {
    private let configuration: TrainingConfiguration
    private let featureNames: [String]
    private let baseScore: Double
    private let constraints: MonotoneConstraints
    private let validationLabels: [Float]
    private let matrices: TrainingMatrices

    init(_ configuration: TrainingConfiguration, featureNames: [String], training: LabelledRows, validation: LabelledRows) throws {
        let constraints = try MonotoneConstraints(configuration.monotone, featureNames: featureNames)
        let matrices = try TrainingMatrices.copying(
            training: training, validation: validation, columnCount: featureNames.count, configuration)
        self.configuration = configuration
        self.featureNames = featureNames
        self.constraints = constraints
        self.matrices = matrices
        baseScore = training.rate
        validationLabels = validation.labels
    }

    /// Boosts trees until the validation log loss stops falling, and keeps those up to the best.
    ///
    /// `grown` receives the number of trees and the validation log loss after each.
    func boost(
        _ parameters: BoostingParameters, grown: (_ trees: Int, _ validationLogLoss: Double) -> Void
    ) throws(XGBoostError) -> BoostedModel {
        var booster = try untrained(parameters.arguments)
        var best = (trees: 0, loss: Double.infinity)
        for round in 0..<configuration.maximumTrees {
            try booster.boost(round: round, on: matrices.training)
            let loss = MarginLoss.mean(margins: try booster.margins(of: matrices.validation), labels: validationLabels)
            if loss < best.loss { best = (round + 1, loss) }
            grown(round + 1, loss)
            if round + 1 - best.trees >= configuration.patience { break }
        }
        return BoostedModel(
            ubjson: try finished(booster.prefix(rounds: best.trees)), treeCount: best.trees, validationLogLoss: best.loss)
    }

    /// A random forest: trees grown side by side in a single round, each on a part of the rows and of the features.
    ///
    /// - Parameters:
    ///   - treeCount: 1 or more.
    ///   - parameters: `eta` is of no effect.
    func forest(treeCount: Int, _ parameters: BoostingParameters) throws(XGBoostError) -> [UInt8] {
        var whole = parameters
        whole.eta = 1
        var booster = try untrained(whole.arguments + [("num_parallel_tree", "\(treeCount)")])
        try booster.boost(round: 0, on: matrices.training)
        return try finished(booster)
    }

    private func untrained(_ arguments: [(name: String, value: String)]) throws(XGBoostError) -> Booster {
        try Booster.untrained(
            parameters: self.arguments(rate: baseScore) + arguments, training: matrices.training, validation: matrices.validation)
    }

    /// What libxgboost is told besides the parameters of the trees, for training rows of which the share `rate` was delivered.
    func arguments(rate: Double) -> [(name: String, value: String)] {
        var all: [(name: String, value: String)] = [
            ("objective", "binary:logistic"),
            ("tree_method", "hist"),
            ("base_score", "\(Float(rate))"),
            ("max_bin", "\(configuration.maximumBins)"),
            ("seed", "\(configuration.seed)"),
            ("nthread", "\(configuration.threads)"),
            // The loss is computed here; libxgboost's own would be rounded to text.
            ("disable_default_eval_metric", "1"),
            ("verbosity", "0"),
        ]
        if let constraints = constraints.argument { all.append(("monotone_constraints", constraints)) }
        return all
    }

    private func finished(_ booster: consuming Booster) throws(XGBoostError) -> [UInt8] {
        var booster = booster
        try booster.setFeatureNames(featureNames)
        return try booster.ubjson()
    }

    /// Such as `xgboost 1.7.4`.
    static var library: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        XGBoostVersion(&major, &minor, &patch)
        return "xgboost \(major).\(minor).\(patch)"
    }
}

/// The rows in libxgboost's memory.
private struct TrainingMatrices: ~Copyable {
    let training: DMatrix
    let validation: DMatrix

    static func copying(
        training: LabelledRows, validation: LabelledRows, columnCount: Int, _ configuration: TrainingConfiguration
    ) throws(XGBoostError) -> TrainingMatrices {
        TrainingMatrices(
            training: try DMatrix.binned(
                training, columnCount: columnCount, maximumBins: configuration.maximumBins, threads: configuration.threads),
            validation: try DMatrix.copying(validation, columnCount: columnCount, threads: configuration.threads))
    }
}
