package import Scoring

/// What is evaluated of a log, and when an evaluation is refused.
package struct PolicyEvaluationOptions: Equatable, Sendable {
    /// Decisions from this time on; `nil` = from the first.
    package var from: Timestamp?
    /// Decisions until this time; `nil` = until the last.
    package var until: Timestamp?
    /// Whether decisions count that the target's model has learnt from: then the doubly robust estimate is flattered by its own model.
    package var includesLearnt = false
    /// Largest weight, ≥ 1; `nil` = as they are.
    ///
    /// Larger ones count as this one, and the error that this can make is reported.
    package var largestWeight: Double?
    /// Least effective sample size, in decisions, ≥ 2; below the default, intervals by the normal distribution are too narrow.
    package var minimumEffectiveSize = 100.0
    /// Least effective sample size as a share of the decisions, in [0, 1].
    package var minimumEffectiveShare = 0.001
    /// Largest share of the target's choice that the log cannot show, in [0, 1].
    package var maximumUnsupportedShare = 0.05
    /// Largest share of decisions without a propensity, in [0, 1].
    package var maximumShareWithoutPropensity = 0.01

    package init() {}

    func validate() throws(TrainingError) {
        try TrainingConfiguration.check("minimum effective sample size", minimumEffectiveSize, in: 2...1e12)
        try TrainingConfiguration.check("minimum effective share", minimumEffectiveShare, in: 0...1)
        try TrainingConfiguration.check("maximum unsupported share", maximumUnsupportedShare, in: 0...1)
        try TrainingConfiguration.check("maximum share without propensity", maximumShareWithoutPropensity, in: 0...1)
        if let largestWeight { try TrainingConfiguration.check("largest weight", largestWeight, in: 1...1e12) }
    }
}
