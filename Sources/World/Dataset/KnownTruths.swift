import Scoring

/// What is known of a dataset because the world knows it: base rates, and how well the best possible prediction does.
package struct KnownTruths: Sendable {
    /// Attempts and deliveries of one group.
    package struct Rate: Equatable, Sendable {
        package var attempts = 0
        package var delivered = 0
        /// Sum of the true chances.
        package var expected = 0.0
    }

    /// How well the true probabilities predict the outcomes.
    package struct Bayes: Equatable, Sendable {
        /// Area under the ROC curve, ties counted half.
        package var auc: Double
        /// Mean −ln of the probability given to what happened, in nats.
        package var logLoss: Double
        /// Mean squared error of the probability.
        package var brier: Double
        /// Mean |mean truth − delivery rate| over ten bins of equal width, weighted by their size.
        package var calibrationError: Double
    }

    package private(set) var total = Rate()
    package private(set) var byChannel: [String: Rate] = [:]
    package private(set) var byProvider: [String: Rate] = [:]
    package private(set) var byTemplate: [String: Rate] = [:]
    package private(set) var byAttempt: [String: Rate] = [:]
    private let providers: [String]
    private var probabilities: [Double] = []
    private var outcomes: [Bool] = []

    package init(world: World) {
        providers = world.providers.map(\.name)
    }

    /// Adds one row of the dataset.
    package mutating func add(_ row: LoggedAttempt) {
        guard let result = row.result else { return }
        func count(_ rate: inout Rate) {
            rate.attempts += 1
            rate.delivered += result.isDelivered ? 1 : 0
            rate.expected += row.trueProbability
        }
        count(&total)
        count(&byChannel[row.pending.channel.rawValue, default: Rate()])
        count(&byProvider[providers[row.choice.provider], default: Rate()])
        count(&byTemplate[row.pending.template.rawValue, default: Rate()])
        count(&byAttempt[String(row.pending.previousAttempts), default: Rate()])
        probabilities.append(row.trueProbability)
        outcomes.append(result.isDelivered)
    }

    /// The figures over the last `share` of the rows, in (0, 1].
    package func bayes(last share: Double = 1) -> Bayes {
        let first = outcomes.count - Int((Double(outcomes.count) * share).rounded())
        let pairs = zip(probabilities[first...], outcomes[first...]).sorted { $0.0 < $1.0 }
        var bins = [(truth: Double, delivered: Double)](repeating: (0, 0), count: 10)
        var logLoss = 0.0
        var brier = 0.0
        for (probability, isDelivered) in pairs {
            let clipped = min(max(probability, 1e-9), 1 - 1e-9)
            logLoss -= Exact.log(isDelivered ? clipped : 1 - clipped)
            let outcome = isDelivered ? 1.0 : 0
            brier += (probability - outcome) * (probability - outcome)
            let bin = min(9, Int(probability * 10))
            bins[bin].truth += probability
            bins[bin].delivered += outcome
        }
        let count = Double(max(1, pairs.count))
        return Bayes(
            auc: Self.auc(pairs), logLoss: logLoss / count, brier: brier / count,
            calibrationError: bins.reduce(0) { $0 + abs($1.truth - $1.delivered) } / count)
    }

    /// Area under the curve of pairs in ascending order of probability: rank sum of the delivered, equal probabilities sharing ranks.
    private static func auc(_ pairs: [(Double, Bool)]) -> Double {
        var rankSum = 0.0
        var start = 0
        while start < pairs.count {
            var end = start
            var delivered = 0
            while end < pairs.count, pairs[end].0 == pairs[start].0 {
                delivered += pairs[end].1 ? 1 : 0
                end += 1
            }
            rankSum += Double(delivered) * Double(start + end + 1) / 2
            start = end
        }
        let positives = Double(pairs.count { $0.1 })
        let negatives = Double(pairs.count) - positives
        guard positives > 0, negatives > 0 else { return .nan }
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
    }
}
