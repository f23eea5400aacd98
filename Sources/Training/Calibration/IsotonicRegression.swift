internal import Scoring

/// Fits a rising curve by pooling adjacent violators.
///
/// Ayer, Brunk, Ewing, Reid and Silverman (1955), "An empirical distribution function for sampling with incomplete information".
package enum IsotonicRegression {
    /// Rows with neighbouring values.
    package struct Block: Equatable, Sendable {
        package var weight: Double
        /// Weighted sums of the values and of the targets.
        package var sumOfValues: Double
        package var sumOfTargets: Double

        package init(weight: Double, sumOfValues: Double, sumOfTargets: Double) {
            self.weight = weight
            self.sumOfValues = sumOfValues
            self.sumOfTargets = sumOfTargets
        }

        package var target: Double { sumOfTargets / weight }
        package var value: Double { sumOfValues / weight }
    }

    /// Merges neighbours until the targets rise strictly: the least-squares fit among all that do not fall.
    package static func pooled(_ blocks: [Block]) -> [Block] {
        var pooled: [Block] = []
        for var block in blocks {
            while let last = pooled.last, last.target >= block.target {
                pooled.removeLast()
                block = Block(
                    weight: last.weight + block.weight, sumOfValues: last.sumOfValues + block.sumOfValues,
                    sumOfTargets: last.sumOfTargets + block.sumOfTargets)
            }
            pooled.append(block)
        }
        return pooled
    }

    /// Fewest rows a block begins with: fewer say nothing of a rate.
    private static let minimumBlockRows = 50

    /// The curve through the centres of the blocks.
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
            guard isLast || isLastOfTie && Int(rows) >= size else { continue }
            blocks.append(Block(weight: rows + 1, sumOfValues: values * (rows + 1) / rows, sumOfTargets: delivered + 0.5))
            (rows, values, delivered) = (0, 0, 0)
        }
        var knots: [IsotonicCurve.Knot] = []
        for block in pooled(blocks) where block.value > knots.last?.probability ?? 0 && block.value < 1 {
            knots.append(IsotonicCurve.Knot(probability: block.value, calibrated: block.target))
        }
        // Margins so large that nothing but certainty is left of them.
        return knots.isEmpty ? .identity : .isotonic(try IsotonicCurve(knots: knots))
    }
}
