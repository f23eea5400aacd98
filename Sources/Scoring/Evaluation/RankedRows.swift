internal import Foundation

/// Rows in the order of their probability, so that any weighting of them is measured in one pass.
package struct RankedRows: Sendable {
    /// Groups of about equal size that calibration is measured in.
    package static let calibrationGroups = 20

    /// Of each row, by ascending probability.
    private let notifications: [UInt32]
    private let isDelivered: [Bool]
    private let probabilities: [Double]
    private let losses: [Double]
    /// Whether a row is the first of those with its probability: what is equal is never divided.
    private let startsTie: [Bool]
    private let startsCalibrationGroup: [Bool]
    /// The first row from the operating threshold on.
    private let firstPredicted: Int
    private let notificationCount: Int

    /// - Parameters:
    ///   - probabilities: one in [0, 1] for each row.
    ///   - subset: the rows to measure, at least one; `nil` = all.
    package init(probabilities: [Float], rows: EvaluationRows, subset: [Int]? = nil, threshold: Float) {
        precondition(probabilities.count == rows.count, "a probability for each row")
        let chosen = subset ?? Array(rows.labels.indices)
        precondition(!chosen.isEmpty, "rows to measure")
        // Probabilities are not negative, so their bit patterns have their order; the row's number follows it.
        let order = chosen.map { UInt64(probabilities[$0].bitPattern) << 32 | UInt64($0) }.sorted().map { Int($0 & 0xFFFF_FFFF) }
        notifications = order.map { rows.groups[$0] }
        isDelivered = order.map { rows.labels[$0] == 1 }
        self.probabilities = order.map { Double(probabilities[$0]) }
        // A probability of exactly 0 or 1 is what is left of one that single precision cannot tell from it.
        losses = order.map { -log(max(rows.labels[$0] == 1 ? Double(probabilities[$0]) : 1 - Double(probabilities[$0]), 1e-9)) }
        startsTie = order.indices.map { $0 == 0 || probabilities[order[$0]] != probabilities[order[$0 - 1]] }
        startsCalibrationGroup = Self.groupStarts(startsTie, count: Self.calibrationGroups)
        firstPredicted = order.firstIndex { probabilities[$0] >= threshold } ?? order.count
        notificationCount = rows.groupCount
    }

    /// Marks the first row of each of `count` groups at most: after a group is full, the next one begins with the next probability.
    private static func groupStarts(_ startsTie: [Bool], count: Int) -> [Bool] {
        var starts = [Bool](repeating: false, count: startsTie.count)
        var full = 0
        for index in starts.indices where startsTie[index] && index * count >= full * startsTie.count {
            starts[index] = true
            full = index * count / startsTie.count + 1
        }
        return starts
    }

    package var count: Int { probabilities.count }

    /// Rows of about the same probability.
    package struct Bin: Equatable, Sendable {
        package var rows = 0
        package var delivered = 0
        /// Mean probability.
        package var predicted = 0.0
    }

    /// At most `limit` bins, 1 or more, of about equal size, by ascending probability; rows of one probability are never divided.
    package func bins(atMost limit: Int) -> [Bin] {
        precondition(limit >= 1, "at least one bin")
        let starts = Self.groupStarts(startsTie, count: limit)
        var bins: [Bin] = []
        for index in starts.indices {
            if starts[index] { bins.append(Bin()) }
            // The sum, until the bin is full.
            bins[bins.count - 1].predicted += probabilities[index]
            bins[bins.count - 1].rows += 1
            bins[bins.count - 1].delivered += isDelivered[index] ? 1 : 0
        }
        return bins.map { Bin(rows: $0.rows, delivered: $0.delivered, predicted: $0.predicted / Double($0.rows)) }
    }

    /// The rows as they are.
    package func evaluation() -> ProbabilityEvaluation {
        evaluation(weights: [UInt16](repeating: 1, count: notificationCount))
    }

    /// Each row counted as often as its notification's weight says.
    package func evaluation(weights: [UInt16]) -> ProbabilityEvaluation {
        var (delivered, failed, twiceWins) = (0, 0, 0)
        var (loss, squares, predicted, precisions, calibration) = (0.0, 0.0, 0.0, 0.0, 0.0)
        var tie = (delivered: 0, failed: 0)
        var group = (delivered: 0, predicted: 0.0)
        var (hits, alarms) = (0, 0)
        // From the highest probability down: precision and recall at every threshold come by the way.
        for index in notifications.indices.reversed() {
            let weight = Int(weights[Int(notifications[index])])
            if weight > 0 {
                let probability = probabilities[index]
                if isDelivered[index] {
                    tie.delivered += weight
                    group.delivered += weight
                    squares += Double(weight) * (1 - probability) * (1 - probability)
                } else {
                    tie.failed += weight
                    squares += Double(weight) * probability * probability
                }
                loss += Double(weight) * losses[index]
                group.predicted += Double(weight) * probability
            }
            if startsTie[index] {
                twiceWins += tie.failed * (2 * delivered + tie.delivered)
                delivered += tie.delivered
                failed += tie.failed
                if tie.delivered > 0 { precisions += Double(tie.delivered) * Double(delivered) / Double(delivered + failed) }
                tie = (0, 0)
            }
            if startsCalibrationGroup[index] {
                calibration += abs(group.predicted - Double(group.delivered))
                predicted += group.predicted
                group = (0, 0)
            }
            if index == firstPredicted { (hits, alarms) = (delivered, failed) }
        }
        let count = Double(delivered + failed)
        let (positives, negatives) = (Double(delivered), Double(failed))
        func share(_ part: Double, of whole: Double) -> Double { whole > 0 ? part / whole : .nan }
        return ProbabilityEvaluation(
            rowCount: delivered + failed,
            values: [
                share(Double(twiceWins), of: 2 * positives * negatives), share(precisions, of: positives), share(loss, of: count),
                share(squares, of: count), share(calibration, of: count), share(predicted - positives, of: count),
                share(positives, of: count), share(Double(hits), of: Double(hits + alarms)), share(Double(hits), of: positives),
                share(Double(2 * hits), of: Double(hits + alarms) + positives),
            ])
    }
}
