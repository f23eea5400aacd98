internal import Foundation

/// Log loss computed from margins, where no probability can be rounded to 0 or 1.
enum MarginLoss {
    /// Mean negative log-likelihood in nats; NaN without rows.
    static func mean(_ rows: some Sequence<(margin: Double, label: Float)>) -> Double {
        var (sum, count) = (0.0, 0)
        for (margin, label) in rows {
            sum += of(margin, Double(label))
            count += 1
        }
        return sum / Double(count)
    }

    /// Negative log-likelihood of one row in nats.
    static func of(_ margin: Double, _ label: Double) -> Double {
        max(margin, 0) - margin * label + log1p(exp(-abs(margin)))
    }

    static func mean(margins: [Float], labels: [Float]) -> Double {
        mean(zip(margins, labels).lazy.map { (Double($0), $1) })
    }
}
