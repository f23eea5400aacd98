/// The probability from which a row counts as predicted to be delivered.
enum OperatingThreshold {
    /// The one with the highest F1 on these rows, the highest of several; to be chosen on other rows than it is measured on.
    static func maximisingF1(probabilities: [Float], labels: [Float]) -> Float {
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        let positives = labels.count { $0 == 1 }
        var (hits, best, threshold) = (0, -1.0, Float(0.5))
        for (position, row) in order.enumerated() {
            if labels[row] == 1 { hits += 1 }
            let isLastOfTie = position + 1 == order.count || probabilities[order[position + 1]] != probabilities[row]
            let f1 = Double(2 * hits) / Double(position + 1 + positives)
            if isLastOfTie, f1 > best { (best, threshold) = (f1, probabilities[row]) }
        }
        return threshold
    }
}
