/// A share of a count with its uncertainty.
package struct Interval: Equatable, Sendable, Codable {
    package var value: Double
    package var low: Double
    package var high: Double

    package init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
    }

    /// The 95 % score interval of `hits` among `count` trials (Wilson 1927); `nil` without any.
    package init?(hits: Int, of count: Int) {
        guard count > 0 else { return nil }
        let z = 1.959963984540054
        let total = Double(count)
        let share = Double(hits) / total
        let denominator = 1 + z * z / total
        let centre = (share + z * z / (2 * total)) / denominator
        let half = z * (share * (1 - share) / total + z * z / (4 * total * total)).squareRoot() / denominator
        self.init(value: share, low: max(0, centre - half), high: min(1, centre + half))
    }
}
