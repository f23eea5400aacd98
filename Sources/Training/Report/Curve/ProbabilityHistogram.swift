/// How many rows of each kind got which probability.
package struct ProbabilityHistogram: Equatable, Sendable {
    /// Bins of equal width over [0, 1].
    package static let binCount = 40

    /// Rows a bin, by ascending probability.
    package let delivered: [Int]
    package let failed: [Int]

    /// `probabilities` are in [0, 1], `labels` 1 (delivered) or 0.
    package init(probabilities: [Float], labels: [Float]) {
        precondition(probabilities.count == labels.count, "a label for each probability")
        var delivered = [Int](repeating: 0, count: Self.binCount)
        var failed = delivered
        for (probability, label) in zip(probabilities, labels) {
            precondition(probability >= 0 && probability <= 1, "a probability is in [0, 1]")
            let bin = min(Int(probability * Float(Self.binCount)), Self.binCount - 1)
            if label == 1 { delivered[bin] += 1 } else { failed[bin] += 1 }
        }
        self.delivered = delivered
        self.failed = failed
    }
}
