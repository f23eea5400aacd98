internal import Forest

/// Explains decisions of one model, or of the rules.
///
/// Made once for a model, which takes less than a millisecond for some hundred trees; immutable, for any number of threads.
package struct DecisionExplainer: Sendable {
    /// How the margin is divided among the columns.
    package enum Attribution: Sendable {
        /// Shapley values by TreeSHAP.
        case exact
        /// The change of the mean at each split of the row's path: some ninety times faster.
        case path
    }

    /// Contributions that are told.
    package static let contributionCount = 5

    private let schema: FeatureSchema?
    private let forest: ForestExplainer?

    /// - Parameter model: that of the decisions; `nil` for those of the rules.
    package init(model: ScoringModel?, attribution: Attribution = .exact) {
        schema = model?.schema
        forest = model.map { $0.forestExplainer(attribution == .exact ? .treeSHAP : .path) }
    }

    /// Explains a decision on `job`, just taken or from the log.
    package func explain(_ decision: Decision, of job: Job) -> DecisionExplanation {
        let contributions = contributions(to: decision.features)
        let runnerUp = Self.runnerUp(of: decision, job)
        let sentence = DecisionSentence(
            decision: decision, job: job, contributions: contributions, runnerUp: runnerUp)
        let isAttributed = forest != nil && !contributions.isEmpty
        return DecisionExplanation(
            sentence: sentence.text, reason: decision.reason, method: isAttributed ? forest?.method.rawValue : nil,
            base: isAttributed ? forest?.base : nil,
            contributions: contributions.map {
                DecisionExplanation.Contribution(name: $0.feature.name, value: $0.text, logOdds: $0.logOdds)
            },
            runnerUp: runnerUp)
    }

    /// The strongest, the first of equals before the others.
    private func contributions(to row: [Float]) -> [FeatureValue] {
        guard let schema, let forest, row.count == schema.featureCount else { return [] }
        let logOdds = forest.contributions(to: row.span)
        var strongest: [Int] = []
        for (column, value) in logOdds.enumerated() where value != 0 {
            let place = strongest.firstIndex { abs(logOdds[$0]) < abs(value) } ?? strongest.count
            guard place < Self.contributionCount else { continue }
            if strongest.count == Self.contributionCount { strongest.removeLast() }
            strongest.insert(column, at: place)
        }
        return strongest.map { FeatureValue(feature: schema.features[$0], value: row[$0], logOdds: logOdds[$0]) }
    }

    private static func runnerUp(of decision: Decision, _ job: Job) -> DecisionExplanation.Alternative? {
        var best: Int?
        for (index, action) in decision.actions.enumerated() where index != decision.chosen {
            if best.map({ action.utility > decision.actions[$0].utility }) ?? true { best = index }
        }
        guard let best, job.providers.indices.contains(decision.actions[best].action.providerIndex) else { return nil }
        let scored = decision.actions[best]
        let own = decision.chosen.map { decision.actions[$0].utility } ?? 0
        return DecisionExplanation.Alternative(
            provider: job.providers[scored.action.providerIndex], delayMilliseconds: scored.action.delayMilliseconds,
            probability: scored.probability, utility: scored.utility, pointsBehind: own - scored.utility)
    }
}
