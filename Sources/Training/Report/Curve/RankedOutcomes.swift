/// Probabilities with what came of them, the highest first, rows of one probability together.
struct RankedOutcomes {
    /// The rows of one probability.
    struct Tie {
        var probability: Double
        var positives = 0
        var negatives = 0

        var count: Int { positives + negatives }
    }

    private(set) var ties: [Tie] = []
    private(set) var positives = 0
    private(set) var negatives = 0

    var count: Int { positives + negatives }

    /// Takes `probabilities` in [0, 1] and `labels`, 1 or 0, of the same length.
    init(probabilities: [Float], labels: [Float]) {
        precondition(probabilities.count == labels.count, "a label for each probability")
        for index in probabilities.indices.sorted(by: { probabilities[$0] > probabilities[$1] }) {
            let probability = Double(probabilities[index])
            precondition(probability >= 0 && probability <= 1, "a probability is in [0, 1]")
            if ties.last?.probability != probability { ties.append(Tie(probability: probability)) }
            if labels[index] == 1 {
                ties[ties.count - 1].positives += 1
                positives += 1
            } else {
                ties[ties.count - 1].negatives += 1
                negatives += 1
            }
        }
    }
}
