/// A figure's 95 % bootstrap interval.
///
/// The percentile interval, or for a figure that resampling inflates the basic one (2 · value − percentiles), widened to hold the value
/// itself: Davison and Hinkley (1997), section 5.2.
package struct BootstrapInterval {
    /// Fewest draws that say anything of the outer 2.5 %.
    private static let minimumCount = 40

    package let value: Double
    package private(set) var bounds: ClosedRange<Double>?
    /// Standard deviation over the draws; NaN without.
    package private(set) var deviation = Double.nan

    /// - Parameters:
    ///   - resamples: NaN where a draw had no such figure; there is no interval if more than one in twenty has none.
    ///   - minimum: what the figure cannot be below.
    package init(value: Double, resamples: [Double], isInflated: Bool = false, minimum: Double? = nil) {
        self.value = value
        let sorted = resamples.filter { !$0.isNaN }.sorted()
        guard sorted.count >= Self.minimumCount, sorted.count * 20 >= resamples.count * 19, !value.isNaN else { return }
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        deviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sorted.count - 1)).squareRoot()
        var (lower, upper) = (Self.quantile(0.025, sorted), Self.quantile(0.975, sorted))
        if isInflated { (lower, upper) = (min(2 * value - upper, value), max(2 * value - lower, value)) }
        if let minimum { (lower, upper) = (max(lower, minimum), max(upper, minimum)) }
        bounds = lower...upper
    }

    package var metric: Manifest.Metric? {
        guard value.isFinite else { return nil }
        return Manifest.Metric(value, lower: bounds?.lowerBound, upper: bounds?.upperBound)
    }

    /// By linear interpolation between order statistics.
    private static func quantile(_ share: Double, _ sorted: [Double]) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
}
