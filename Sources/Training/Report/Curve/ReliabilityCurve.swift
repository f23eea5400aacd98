/// Observed against predicted rate, in bins of equal width.
package struct ReliabilityCurve: Equatable, Sendable {
    package struct Bin: Equatable, Sendable {
        /// Of the predicted probability; the upper end belongs to the next bin, except in the last one.
        package var range: ClosedRange<Double>
        package var count: Int
        /// Mean probability.
        package var predicted: Double
        /// Share of delivered rows.
        package var observed: Double
        /// 95 % interval of the observed rate (Wilson).
        package var interval: ClosedRange<Double>
    }

    /// Of a bin's width, 1 / this.
    package static let binCount = 20

    /// By ascending probability, those that are not empty.
    package let bins: [Bin]

    /// `probabilities` are in [0, 1], `labels` 1 (delivered) or 0.
    package init(probabilities: [Float], labels: [Float]) {
        precondition(probabilities.count == labels.count, "a label for each probability")
        var counts = [Int](repeating: 0, count: Self.binCount)
        var positives = counts
        var sums = [Double](repeating: 0, count: Self.binCount)
        for (probability, label) in zip(probabilities, labels) {
            precondition(probability >= 0 && probability <= 1, "a probability is in [0, 1]")
            let bin = min(Int(probability * Float(Self.binCount)), Self.binCount - 1)
            counts[bin] += 1
            positives[bin] += label == 1 ? 1 : 0
            sums[bin] += Double(probability)
        }
        bins = counts.indices.filter { counts[$0] > 0 }.map { index in
            Bin(
                range: Double(index) / Double(Self.binCount)...Double(index + 1) / Double(Self.binCount), count: counts[index],
                predicted: sums[index] / Double(counts[index]), observed: Double(positives[index]) / Double(counts[index]),
                interval: Self.wilson(positives[index], of: counts[index]))
        }
    }

    /// The 95 % interval of a share.
    ///
    /// Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    static func wilson(_ positives: Int, of count: Int) -> ClosedRange<Double> {
        let z = 1.959964
        let (n, share) = (Double(count), Double(positives) / Double(count))
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return max(centre - half, 0)...min(centre + half, 1)
    }
}
