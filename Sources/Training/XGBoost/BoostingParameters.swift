/// What shapes the trees; names and meanings are XGBoost's.
package struct BoostingParameters: Equatable, Sendable {
    /// How much of each tree's correction is applied, in (0, 1].
    package var eta = 0.05
    /// Splits from root to leaf, 1 to 12.
    package var maximumDepth = 6
    /// Least weight (sum of p · (1 − p)) of a leaf, 0 to 10 000.
    package var minimumChildWeight = 30.0
    /// Share of the rows each tree sees, in (0, 1].
    package var subsample = 0.7
    /// Share of the features each tree sees, in (0, 1].
    package var columnSample = 0.5
    /// L2 penalty on the leaves, 0 to 10 000.
    package var lambda = 5.0
    /// Least gain of a split, 0 to 10 000.
    package var gamma = 0.0

    package init() {}

    /// By XGBoost's names.
    package var values: [String: Double] {
        [
            "eta": eta, "max_depth": Double(maximumDepth), "min_child_weight": minimumChildWeight, "subsample": subsample,
            "colsample_bytree": columnSample, "lambda": lambda, "gamma": gamma,
        ]
    }

    /// As libxgboost takes them.
    var arguments: [(name: String, value: String)] {
        [
            ("eta", "\(eta)"), ("max_depth", "\(maximumDepth)"), ("min_child_weight", "\(minimumChildWeight)"),
            ("subsample", "\(subsample)"), ("colsample_bytree", "\(columnSample)"), ("lambda", "\(lambda)"), ("gamma", "\(gamma)"),
        ]
    }

    /// Throws a `TrainingError` that names the first one out of its range.
    func validate() throws(TrainingError) {
        let least = Double.leastNormalMagnitude
        try TrainingConfiguration.check("eta", eta, in: least...1)
        try TrainingConfiguration.check("maximumDepth", Double(maximumDepth), in: 1...12)
        try TrainingConfiguration.check("minimumChildWeight", minimumChildWeight, in: 0...10_000)
        try TrainingConfiguration.check("subsample", subsample, in: least...1)
        try TrainingConfiguration.check("columnSample", columnSample, in: least...1)
        try TrainingConfiguration.check("lambda", lambda, in: 0...10_000)
        try TrainingConfiguration.check("gamma", gamma, in: 0...10_000)
    }
}
