import ArgumentParser
import Training

/// How the periods are cut and the trees are grown.
struct BoostingOptions: ParsableArguments {
    @Option(help: "Most trees the model may have.")
    var trees = TrainingConfiguration.defaultMaximumTrees

    @Option(help: "Training ends when this many trees in a row have not lowered the validation log loss.")
    var patience = TrainingConfiguration.defaultPatience

    @Option(help: "How much of each tree's correction is applied.")
    var eta = BoostingParameters().eta

    @Option(help: "Splits from root to leaf.")
    var maxDepth = BoostingParameters().maximumDepth

    @Option(help: "Least weight (sum of p · (1 − p)) of a leaf.")
    var minChildWeight = BoostingParameters().minimumChildWeight

    @Option(help: "Share of the rows each tree sees.")
    var subsample = BoostingParameters().subsample

    @Option(help: "Share of the features each tree sees.")
    var colsample = BoostingParameters().columnSample

    @Option(help: "L2 penalty on the leaves.")
    var lambda = BoostingParameters().lambda

    @Option(help: "Least gain of a split.")
    var gamma = BoostingParameters().gamma

    @Option(help: "Most bins that a feature's values are sorted into.")
    var maxBin = 256

    @Flag(help: "Search for better parameters first: random trials, scored by the validation log loss, from those given here on.")
    var tune = false

    @Option(help: "Trials of the search.")
    var trials = 16

    @Flag(
        inversion: .prefixedNo,
        help: "Learn from delayed attempts also as they came back, with live health of the time they were made.")
    var returns = true

    @Option(help: "Share of the rows that decides how many trees there are.")
    var validationShare = 0.10

    @Option(help: "Share of the rows that calibration and operating threshold are chosen on.")
    var calibrationShare = 0.10

    @Option(help: "Share of the rows, the last ones, that the model is measured on.")
    var testShare = 0.15

    func validate() throws {
        guard trials > 0 else { throw ValidationError("--trials must be above 0") }
    }

    func apply(to configuration: inout TrainingConfiguration) {
        configuration.maximumTrees = trees
        configuration.patience = patience
        configuration.maximumBins = maxBin
        configuration.boosting.eta = eta
        configuration.boosting.maximumDepth = maxDepth
        configuration.boosting.minimumChildWeight = minChildWeight
        configuration.boosting.subsample = subsample
        configuration.boosting.columnSample = colsample
        configuration.boosting.lambda = lambda
        configuration.boosting.gamma = gamma
        configuration.learnsFromReturns = returns
        configuration.tuningTrials = tune ? trials : 0
        configuration.validationShare = validationShare
        configuration.calibrationShare = calibrationShare
        configuration.testShare = testShare
    }
}
