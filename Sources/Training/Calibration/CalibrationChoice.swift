package import Scoring

/// Chooses how margins become probabilities: as they are, by Platt's scaling or by isotonic regression.
package struct CalibrationChoice: Equatable, Sendable {
    private static let foldCount = 5

    /// Fitted to all rows.
    package let calibration: Calibration
    /// Cross-validated log loss of each kind, in nats.
    package let logLosses: [String: Double]

    /// The kind with the lowest log loss in five-fold cross-validation, the simpler one of equals; folds do not divide notifications.
    ///
    /// - Parameters:
    ///   - margins: in log-odds, of rows that the model was not trained on.
    ///   - rows: their outcomes, of both kinds.
    package init(margins: [Float], rows: EvaluationRows, seed: UInt64) throws {
        precondition(margins.count == rows.count, "a margin for each row")
        var generator = SplitMix64(seed: seed)
        let folds = (0..<rows.groupCount).map { _ in generator.index(below: Self.foldCount) }
        let kinds: [@Sendable ([Float], [Float]) throws -> Calibration] = [
            { _, _ in .identity }, { PlattScaling.fit(margins: $0, labels: $1) }, { try IsotonicRegression.fit(margins: $0, labels: $1) },
        ]
        var sums = [Double](repeating: 0, count: kinds.count)
        for fold in 0..<Self.foldCount {
            let inside = margins.indices.filter { folds[Int(rows.groups[$0])] != fold }
            let outside = margins.indices.filter { folds[Int(rows.groups[$0])] == fold }
            guard !inside.isEmpty, !outside.isEmpty else { continue }
            let fitted = (margins: inside.map { margins[$0] }, labels: inside.map { rows.labels[$0] })
            for (kind, fit) in kinds.enumerated() {
                let calibration = try fit(fitted.margins, fitted.labels)
                let evaluation = ProbabilityEvaluation(
                    probabilities: outside.map { calibration.probability(margin: margins[$0]) }, labels: outside.map { rows.labels[$0] })
                sums[kind] += evaluation.logLoss * Double(outside.count)
            }
        }
        var best = 0
        for kind in kinds.indices where sums[kind] < sums[best] { best = kind }
        calibration = try kinds[best](margins, rows.labels)
        logLosses = Dictionary(
            uniqueKeysWithValues: zip(["identity", "platt", "isotonic"], sums.map { $0 / Double(rows.count) }))
    }
}
