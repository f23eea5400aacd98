package import Scoring

/// Policies compared in the same worlds: each seed is one world, and every policy meets it anew.
package struct Evaluation {
    /// Why an evaluation cannot run.
    package struct Defect: Error, CustomStringConvertible {
        package let description: String
    }

    private let configuration: ClosedLoop.Configuration
    private let seeds: [UInt64]
    private let contestants: [Contestant]
    /// What the policy `model` decides by.
    private let model: Scorer
    /// What the policy `oracle` decides by, with true probabilities.
    private let optimiser: Scorer

    /// - Parameters:
    ///   - configuration: its seed is ignored.
    ///   - seeds: at least one; intervals need two.
    ///   - scorer: what `model` stands for. It decides by its own parameters; the yardstick, utility as counted and the oracle that
    ///     bounds it, goes by the configuration's, whatever the model's are.
    package init(
        _ configuration: ClosedLoop.Configuration, seeds: [UInt64], contestants: [Contestant], scorer: Scorer? = nil
    ) throws(Defect) {
        guard !seeds.isEmpty, !contestants.isEmpty else { throw Defect(description: "an evaluation needs a seed and a policy") }
        guard configuration.notifications > 0, configuration.days > 0 else {
            throw Defect(description: "an evaluation needs notifications and days above 0")
        }
        guard !contestants.contains(.model) || scorer != nil else {
            throw Defect(description: "the policy 'model' needs a model: name one, or leave the policy out")
        }
        self.configuration = configuration
        self.seeds = seeds
        self.contestants = contestants
        model = scorer ?? Scorer(model: nil, ladder: .standard, policy: configuration.parameters)
        optimiser = Scorer(model: nil, ladder: .standard, policy: configuration.parameters)
    }

    /// Runs everything, seed by seed.
    ///
    /// - Parameter progress: gets the runs done and the runs in all, after each.
    package func report(progress: (Int, Int) -> Void = { _, _ in }) -> EvaluationReport {
        var runs = [[PolicyRun]](repeating: [], count: contestants.count)
        var done = 0
        for seed in seeds {
            var configuration = configuration
            configuration.seed = seed
            let loop = ClosedLoop(configuration)
            for (index, contestant) in contestants.enumerated() {
                runs[index].append(run(contestant, in: loop))
                done += 1
                progress(done, seeds.count * contestants.count)
            }
        }
        return EvaluationReport(
            configuration: configuration, seeds: seeds, runs: zip(contestants, runs).map { (contestant: $0, runs: $1) })
    }

    private func run(_ contestant: Contestant, in loop: ClosedLoop) -> PolicyRun {
        let parameters = configuration.parameters
        switch contestant {
        case .blind:
            var policy = BlindPolicy(parameters: parameters)
            return loop.run(&policy)
        case .fixed:
            var policy = FixedPolicy(parameters: parameters)
            return loop.run(&policy)
        case .exponential:
            var policy = ExponentialPolicy(parameters: parameters)
            return loop.run(&policy)
        case .threshold:
            var policy = ThresholdPolicy(parameters: parameters)
            return loop.run(&policy)
        case .model:
            var policy = ScorerPolicy(scorer: model)
            return loop.run(&policy)
        case .oracle:
            return loop.runOracle(optimiser)
        }
    }
}
