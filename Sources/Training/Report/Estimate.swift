/// A measured value with its 95 % interval, where there is one.
package struct Estimate: Equatable, Sendable {
    package var value: Double
    package var lower: Double?
    package var upper: Double?

    package init(_ value: Double, lower: Double? = nil, upper: Double? = nil) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }

    /// Both ends of the interval, if it has one.
    var interval: ClosedRange<Double>? {
        guard let lower, let upper, lower <= upper, lower.isFinite, upper.isFinite else { return nil }
        return lower...upper
    }

    /// Whether the whole interval lies on one side of zero: for differences.
    var excludesZero: Bool {
        interval.map { !$0.contains(0) } ?? false
    }
}
