/// Draws notifications with replacement, again and again, to see how far figures are a matter of chance.
///
/// Whole notifications, since the attempts of one are no independent rows: Davison and Hinkley (1997), "Bootstrap methods and their
/// application", section 3.8. The same seed draws the same notifications, so that figures of different models can be paired.
package struct ClusterBootstrap: Sendable {
    /// Number of draws, 0 to 10 000; no intervals below 40.
    package let resamples: Int
    package let seed: UInt64

    package init(resamples: Int = 300, seed: UInt64 = 1) {
        precondition((0...10_000).contains(resamples), "a bounded number of resamples")
        self.resamples = resamples
        self.seed = seed
    }

    /// Measures each set of probabilities for the same rows under the same draws.
    ///
    /// - Parameter progress: gets the number of draws done.
    package func evaluate(
        _ probabilities: [[Float]], on rows: EvaluationRows, threshold: Float = 0.5, progress: (Int) -> Void = { _ in }
    ) -> [BootstrapEvaluation] {
        evaluate(
            probabilities.map { RankedRows(probabilities: $0, rows: rows, threshold: threshold) }, groupCount: rows.groupCount,
            progress: progress)
    }

    /// The same of parts of the rows, each in its order of probability.
    package func evaluate(_ samples: [RankedRows], groupCount: Int, progress: (Int) -> Void = { _ in }) -> [BootstrapEvaluation] {
        var results = samples.map { BootstrapEvaluation($0.evaluation()) }
        var generator = SplitMix64(seed: seed)
        for resample in 0..<resamples {
            var weights = [UInt16](repeating: 0, count: groupCount)
            for _ in 0..<groupCount { weights[generator.index(below: groupCount)] &+= 1 }
            for index in samples.indices { results[index].add(samples[index].evaluation(weights: weights)) }
            progress(resample + 1)
        }
        return results
    }
}
