internal import Foundation
internal import Scoring

/// A random search over a handful of parameters, scored by the validation log loss.
///
/// Bergstra and Bengio (2012), "Random search for hyper-parameter optimization": with few parameters that matter, a dozen or two of random
/// trials come near the best of a grid many times larger. The first trial is the configured parameters, so a search never ends below them.
struct TuningSearch {
    /// Ranges; those of scale are searched by their logarithm.
    private static let etas = 0.03...0.4
    private static let depths = 4...9
    private static let childWeights = 1.0...100
    private static let samples = 0.6...1.0
    private static let lambdas = 0.1...30.0

    let trialCount: Int
    let seed: UInt64

    /// The parameters of each trial, in order.
    func candidates(from start: BoostingParameters) -> [BoostingParameters] {
        var generator = SplitMix64(seed: seed)
        return (0..<trialCount).map { trial in
            guard trial > 0 else { return start }
            var parameters = start
            parameters.eta = Self.rounded(Self.logarithmic(Self.etas, generator.fraction()))
            parameters.maximumDepth = Self.depths.lowerBound + generator.index(below: Self.depths.count)
            parameters.minimumChildWeight = Self.rounded(Self.logarithmic(Self.childWeights, generator.fraction()))
            parameters.subsample = Self.rounded(Self.linear(Self.samples, generator.fraction()))
            parameters.columnSample = Self.rounded(Self.linear(Self.samples, generator.fraction()))
            parameters.lambda = Self.rounded(Self.logarithmic(Self.lambdas, generator.fraction()))
            return parameters
        }
    }

    /// Trains every candidate and returns the best with its model.
    ///
    /// `progress` receives the number of trials done, the share of the search done and the lowest loss so far.
    func run(
        from start: BoostingParameters, maximumTrees: Int, on training: borrowing BoosterTraining,
        progress: (_ trials: Int, _ share: Double, _ lowest: Double?) -> Void
    ) throws(XGBoostError) -> (parameters: BoostingParameters, model: BoostedModel, trials: [Manifest.TrainingRun.Trial]) {
        let candidates = candidates(from: start)
        var best: (parameters: BoostingParameters, model: BoostedModel)?
        var trials: [Manifest.TrainingRun.Trial] = []
        for (number, candidate) in candidates.enumerated() {
            let model = try training.boost(candidate) { tree, _ in
                let share = (Double(number) + Double(tree) / Double(maximumTrees)) / Double(candidates.count)
                progress(number, share, best?.model.validationLogLoss)
            }
            trials.append(
                .init(parameters: candidate.values, trees: model.treeCount, validationLogLoss: model.validationLogLoss))
            if model.validationLogLoss < best?.model.validationLogLoss ?? .infinity { best = (candidate, model) }
            progress(number + 1, Double(number + 1) / Double(candidates.count), best?.model.validationLogLoss)
        }
        guard let best else { preconditionFailure("a search has at least one trial") }
        return (best.parameters, best.model, trials)
    }

    private static func linear(_ range: ClosedRange<Double>, _ share: Double) -> Double {
        range.lowerBound + share * (range.upperBound - range.lowerBound)
    }

    private static func logarithmic(_ range: ClosedRange<Double>, _ share: Double) -> Double {
        range.lowerBound * pow(range.upperBound / range.lowerBound, share)
    }

    /// Three significant digits: what the manifest says is what was used, and can be typed again.
    private static func rounded(_ value: Double) -> Double {
        let scale = pow(10, 2 - log10(value).rounded(.down))
        return (value * scale).rounded() / scale
    }
}
