/// A rising curve through knots, straight between them and from (0, 0) and to (1, 1) at its ends.
///
/// Straight pieces rather than the steps of plain isotonic regression: two actions of different margin keep different probabilities.
package struct IsotonicCurve: Equatable, Sendable {
    /// A point of the curve; both in (0, 1).
    package struct Knot: Codable, Equatable, Sendable {
        /// The model's own probability.
        package var probability: Double
        package var calibrated: Double

        package init(probability: Double, calibrated: Double) {
            self.probability = probability
            self.calibrated = calibrated
        }
    }

    /// Most knots a curve has.
    package static let maximumKnotCount = 64

    /// At least one, at most `maximumKnotCount`, rising strictly in both coordinates.
    package let knots: [Knot]

    /// Throws `invalidValue` naming the knot that is not in (0, 1) or does not rise.
    package init(knots: [Knot]) throws(ModelError) {
        guard (1...Self.maximumKnotCount).contains(knots.count) else {
            throw ModelError(.invalidValue, key: "calibration.knots", "are \(knots.count), but must be 1 to \(Self.maximumKnotCount)")
        }
        var last = Knot(probability: 0, calibrated: 0)
        for (index, knot) in knots.enumerated() {
            for (key, value, before) in [
                ("probability", knot.probability, last.probability), ("calibrated", knot.calibrated, last.calibrated),
            ] {
                guard value > before, value < 1 else {
                    throw ModelError(
                        .invalidValue, key: "calibration.knots.\(index).\(key)", "is \(value), but must be above \(before) and below 1")
                }
            }
            last = knot
        }
        self.knots = knots
    }

    /// The curve at `probability` in [0, 1]; NaN for NaN.
    ///
    /// Every step keeps order under rounding, and a piece never ends above the next one's beginning.
    func calibrated(_ probability: Double) -> Double {
        var (low, high) = (0, knots.count)
        while low < high {
            let middle = (low + high) / 2
            if knots[middle].probability <= probability { low = middle + 1 } else { high = middle }
        }
        let start = low == 0 ? Knot(probability: 0, calibrated: 0) : knots[low - 1]
        let end = low == knots.count ? Knot(probability: 1, calibrated: 1) : knots[low]
        let share = (probability - start.probability) / (end.probability - start.probability)
        return min(start.calibrated + share * (end.calibrated - start.calibrated), end.calibrated)
    }
}
