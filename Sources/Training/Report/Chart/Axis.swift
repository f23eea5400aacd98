internal import Foundation

/// One direction of a chart: what it shows, over which range, with which ticks.
struct Axis {
    /// With its unit.
    var label: String
    var range: ClosedRange<Double>
    var ticks: [Double]
    var format: (Double) -> String

    /// A share from 0 to 1, as per cent.
    static func share(_ label: String) -> Axis {
        Axis(label: label, range: 0...1, ticks: [0, 0.25, 0.5, 0.75, 1]) { "\(Int((100 * $0).rounded())) %" }
    }

    /// Over round numbers around all of `values`, of which those that are not finite do not count.
    static func fitting(_ values: [Double], label: String, includesZero: Bool = false, format: ((Double) -> String)? = nil) -> Axis {
        let finite = values.filter(\.isFinite)
        var lower = finite.min() ?? 0
        var upper = finite.max() ?? 1
        if includesZero { (lower, upper) = (min(lower, 0), max(upper, 0)) }
        if upper - lower < 1e-9 * max(abs(lower), abs(upper), 1e-3) {
            let margin = max(abs(upper) * 0.01, 1e-3)
            (lower, upper) = (includesZero && lower == 0 ? 0 : lower - margin, upper + margin)
        }
        let step = roundStep((upper - lower) / 4)
        let first = (lower / step + 1e-9).rounded(.down)
        let last = (upper / step - 1e-9).rounded(.up)
        let ticks = stride(from: first, through: last, by: 1).map { $0 * step }
        let digits = max(0, Int((-log10(step)).rounded(.up)))
        return Axis(label: label, range: first * step...last * step, ticks: ticks, format: format ?? { Figure.decimal($0, digits) })
    }

    /// From zero to the largest of `values`, with round numbers in between.
    static func upTo(_ values: [Double], label: String, format: @escaping (Double) -> String) -> Axis {
        let largest = max(values.filter(\.isFinite).max() ?? 0, 1e-9)
        let step = roundStep(largest / 5)
        let ticks = stride(from: 0, through: (largest / step + 1e-9).rounded(.down), by: 1).map { $0 * step }
        return Axis(label: label, range: 0...largest * 1.02, ticks: ticks, format: format)
    }

    /// The least of 1, 2 and 5 times a power of ten that is no less than `width`.
    private static func roundStep(_ width: Double) -> Double {
        let power = pow(10, log10(width).rounded(.down))
        let factor = [1, 2, 5, 10].first { $0 * power >= width * (1 - 1e-9) } ?? 10
        return factor * power
    }

    /// Where `value` lies on a line from `start` to `end`; values outside of the range lie on its ends.
    func position(_ value: Double, from start: Double, to end: Double) -> Double {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return start + (end - start) * min(max(share, 0), 1)
    }
}
