internal import Scoring

/// Fits a rising curve by pooling adjacent violators.
///
/// Ayer, Brunk, Ewing, Reid and Silverman (1955), "An empirical distribution function for sampling with incomplete information".
package enum IsotonicRegression {
    /// Rows with neighbouring values.
    package struct Block: Equatable, Sendable {
        package var weight: Double
        /// The weighted sum of the targets.
        package var sumOfTargets: Double
        /// The mean values of the first and of the last group in the block.
        package var first: Double
        package var last: Double

        /// A group of its own.
        package init(weight: Double, value: Double, sumOfTargets: Double) {
            self.weight = weight
            self.sumOfTargets = sumOfTargets
            first = value
            last = value
        }

        package var target: Double { sumOfTargets / weight }

        /// Takes in the block below.
        fileprivate mutating func absorb(_ below: Block) {
            weight += below.weight
            sumOfTargets += below.sumOfTargets
            first = below.first
        }
    }

    /// Merges neighbours until the targets rise strictly: the least-squares fit among all that do not fall.
    package static func pooled(_ blocks: [Block]) -> [Block] {
        var pooled: [Block] = []
        for var block in blocks {
            while let last = pooled.last, last.target >= block.target {
                pooled.removeLast()
                block.absorb(last)
            }
            pooled.append(block)
        }
        return pooled
    }

    /// Fewest rows a block begins with: fewer say nothing of a rate.
    private static let minimumBlockRows = 50

    /// How much of the way to its neighbours a block rises from end to end, so that what it holds keeps its order.
    private static let tilt = 0.1
    /// The most that a block departs from its rate.
    private static let maximumTilt = 0.005

    /// The curve along the blocks, each nearly level at its rate, and straight from one to the next.
    ///
    /// The blocks begin as groups of about equal size, at most as many as a curve has knots, each with one row more that is half delivered
    /// (Krichevsky and Trofimov, 1981): no rate is ever 0 or 1.
    static func fit(margins: [Float], labels: [Float]) throws(ModelError) -> Calibration {
        let order = margins.indices.sorted { margins[$0] < margins[$1] }
        let size = max(minimumBlockRows, (margins.count + IsotonicCurve.maximumKnotCount - 1) / IsotonicCurve.maximumKnotCount)
        var blocks: [Block] = []
        var (rows, values, delivered) = (0.0, 0.0, 0.0)
        for (position, row) in order.enumerated() {
            rows += 1
            values += Logistic.probability(margin: Double(margins[row]))
            delivered += Double(labels[row])
            let isLast = position + 1 == order.count
            let isLastOfTie = isLast || margins[order[position + 1]] != margins[row]
            // What would be too few rows for a group of their own stay with the last one.
            let isFull = isLastOfTie && Int(rows) >= size && order.count - position > size
            guard isLast || isFull else { continue }
            blocks.append(Block(weight: rows + 1, value: values / rows, sumOfTargets: delivered + 0.5))
            (rows, values, delivered) = (0, 0, 0)
        }
        let knots = knots(along: pooled(blocks))
        // Margins so large that nothing but certainty is left of them.
        return knots.isEmpty ? .identity : .isotonic(try IsotonicCurve(knots: knots))
    }

    private static func knots(along blocks: [Block]) -> [IsotonicCurve.Knot] {
        var knots: [IsotonicCurve.Knot] = []
        for (index, block) in blocks.enumerated() {
            let below = index == 0 ? 0 : blocks[index - 1].target
            let above = index + 1 == blocks.count ? 1 : blocks[index + 1].target
            let rise = block.first < block.last ? min(tilt * min(block.target - below, above - block.target), maximumTilt) : 0
            for (value, target) in [(block.first, block.target - rise), (block.last, block.target + rise)]
            where value > knots.last?.probability ?? 0 && value < 1 {
                knots.append(IsotonicCurve.Knot(probability: value, calibrated: target))
            }
        }
        return knots
    }
}
