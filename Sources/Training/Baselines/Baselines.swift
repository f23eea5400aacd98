internal import Forest
internal import Foundation
internal import Scoring

/// What the model has to beat: each is fitted to the same training rows and calibrated on the same rows as the model.
struct Baselines {
    /// Trees of a random forest are deeper than boosted ones, see half of the rows and half of the features, and are hardly shrunk.
    private static let forestParameters: BoostingParameters = {
        var parameters = BoostingParameters()
        parameters.maximumDepth = 10
        parameters.subsample = 0.5
        parameters.columnSample = 0.5
        return parameters
    }()

    /// By name, in order: log-odds of the rows of the calibration and of the test period.
    let margins: [(name: String, calibration: [Float], test: [Float])]

    /// - Parameter progress: gets the share done, 0 to 1.
    init(
        _ rows: SplitRows, configuration: TrainingConfiguration, schema: FeatureSchema, training: borrowing BoosterTraining,
        progress: (Double) -> Void
    ) throws {
        let rate = rows.training.rate
        let prior = Float(log(rate / (1 - rate)))
        let regression = LogisticRegression(schema: schema, rows: rows.training) { progress($0 / 2) }
        let trees = try Forest(xgboost: training.forest(treeCount: configuration.baselineForestTrees, Self.forestParameters))
        progress(1)
        margins = [
            (
                "prior", [Float](repeating: prior, count: rows.calibration.count), [Float](repeating: prior, count: rows.test.count)
            ),
            ("logistic_regression", regression.margins(of: rows.calibration), regression.margins(of: rows.test)),
            ("random_forest", trees.margins(of: rows.calibration), trees.margins(of: rows.test)),
        ]
    }
}

extension Forest {
    /// The margin of each row.
    func margins(of rows: LabelledRows) -> [Float] {
        var margins = [Float](repeating: .nan, count: rows.count)
        var output = margins.mutableSpan
        self.margins(of: rows.features.span, into: &output)
        return margins
    }
}
