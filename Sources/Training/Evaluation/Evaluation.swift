internal import Foundation

/// How well probabilities agree with what happened.
package struct Evaluation: Equatable, Sendable {
    /// Groups of about equal size that calibration is measured in.
    private static let calibrationGroups = 20

    package let rowCount: Int
    /// Share of positive rows.
    package let baseRate: Double
    /// Mean negative log-likelihood in nats; lower is better.
    package let logLoss: Double
    /// Mean squared error of the probability; lower is better.
    package let brier: Double
    /// Chance that a positive row ranks above a negative one, ties counting half; NaN where only one kind occurs.
    package let auc: Double
    /// Mean distance between predicted and observed rate over groups of about equal size (expected calibration error).
    package let calibrationError: Double

    /// Measures `probabilities` in [0, 1] against `labels`, 1 or 0.
    ///
    /// Both have the same length, at least 1.
    package init(probabilities: [Float], labels: [Float]) {
        precondition(probabilities.count == labels.count && !labels.isEmpty, "a label for each probability")
        rowCount = labels.count
        var (positives, loss, squares) = (0.0, 0.0, 0.0)
        for (probability, label) in zip(probabilities, labels) {
            let (p, y) = (Double(probability), Double(label))
            positives += y
            squares += (p - y) * (p - y)
            // A probability of exactly 0 or 1 is what is left of one that single precision cannot tell from it.
            loss -= log(max(y == 1 ? p : 1 - p, 1e-9))
        }
        baseRate = positives / Double(rowCount)
        logLoss = loss / Double(rowCount)
        brier = squares / Double(rowCount)
        let groups = Self.ties(probabilities, labels)
        auc = Self.auc(groups)
        calibrationError = Self.calibrationError(groups, rowCount: rowCount)
    }

    /// Rows with one probability.
    private struct Tie {
        var probability: Double
        var positives = 0
        var negatives = 0
    }

    /// By ascending probability.
    private static func ties(_ probabilities: [Float], _ labels: [Float]) -> [Tie] {
        var ties: [Tie] = []
        for index in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] }) {
            let probability = Double(probabilities[index])
            if ties.last?.probability != probability { ties.append(Tie(probability: probability)) }
            if labels[index] == 1 {
                ties[ties.count - 1].positives += 1
            } else {
                ties[ties.count - 1].negatives += 1
            }
        }
        return ties
    }

    /// The Mann–Whitney statistic, counted exactly in whole numbers.
    private static func auc(_ ties: [Tie]) -> Double {
        var (positives, negativesBelow, twiceWins) = (0, 0, 0)
        for tie in ties {
            twiceWins += tie.positives * (2 * negativesBelow + tie.negatives)
            positives += tie.positives
            negativesBelow += tie.negatives
        }
        guard positives > 0, negativesBelow > 0 else { return .nan }
        return Double(twiceWins) / (2 * Double(positives) * Double(negativesBelow))
    }

    /// Equal probabilities are never divided between groups, so the result does not depend on the order of rows.
    private static func calibrationError(_ ties: [Tie], rowCount: Int) -> Double {
        var error = 0.0
        var (rows, positives, predicted, before) = (0, 0, 0.0, 0)
        for (index, tie) in ties.enumerated() {
            let size = tie.positives + tie.negatives
            rows += size
            positives += tie.positives
            predicted += tie.probability * Double(size)
            let isFull = (before + rows) * calibrationGroups >= (before * calibrationGroups / rowCount + 1) * rowCount
            guard isFull || index == ties.count - 1 else { continue }
            error += abs(predicted - Double(positives))
            before += rows
            (rows, positives, predicted) = (0, 0, 0)
        }
        return error / Double(rowCount)
    }
}
