package import Scoring

/// Slow change of a provider's quality over weeks, in log-odds: routes, contracts and reputations shift.
///
/// A moving average of four independent normal draws, one every six days, joined by straight lines: smooth over days, forgotten
/// after about three weeks, mean zero. Its size is a parameter of the scenario.
package struct QualityDrift: Sendable {
    private static let stepMilliseconds: Int64 = 6 * 86_400_000
    private static let knots = 86

    private let epoch: Timestamp
    private let values: [Double]

    /// - Parameter deviation: standard deviation in log-odds at a knot.
    package init(key: SeedKey, deviation: Double, epoch: Timestamp) {
        self.epoch = epoch
        values = (0..<Self.knots).map { knot in
            let window = (0..<4).map { key[UInt64((knot + $0) % Self.knots)].normal }
            return deviation * window.reduce(0, +) / 2
        }
    }

    /// Log-odds to add to the provider's quality at `time`.
    package func shift(at time: Timestamp) -> Double {
        let period = Self.stepMilliseconds * Int64(Self.knots)
        var offset = (time - epoch) % period
        if offset < 0 { offset += period }
        let position = Double(offset) / Double(Self.stepMilliseconds)
        let knot = Int(position)
        let next = values[(knot + 1) % Self.knots]
        return values[knot] + (next - values[knot]) * (position - Double(knot))
    }
}
