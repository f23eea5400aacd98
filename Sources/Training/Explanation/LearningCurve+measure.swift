internal import Foundation

extension LearningCurve {
    /// Shares of the training part that are learnt from, or of `rowLimit` rows of a larger one.
    package static let shares = [0.1, 0.2, 0.4, 0.7, 1]
    /// Most rows that are learnt from: the curve is not to take longer than the training itself.
    package static let rowLimit = 200_000

    /// Rows to learn from or to measure on.
    package struct Rows: Sendable {
        /// Row-major, missing = NaN.
        package var features: [Float]
        /// 1 = delivered, 0 = not.
        package var labels: [Float]
        /// For each row, a number that only the rows of its notification have; empty for rows that are only measured on.
        package var notifications: [Int]

        package init(features: [Float], labels: [Float], notifications: [Int] = []) {
            self.features = features
            self.labels = labels
            self.notifications = notifications
        }

        /// Share of delivered rows.
        var rate: Double { labels.reduce(0) { $0 + Double($1) } / Double(labels.count) }

        /// Without notifications, which libxgboost does not ask for.
        var matrixRows: LabelledRows { LabelledRows(features: features, labels: labels) }

        /// The rows of about `share` of the notifications; a larger share holds all rows of a smaller one.
        func sample(_ share: Double, columnCount: Int, order: SeededOrder) -> Rows {
            guard share < 1 else { return self }
            var sample = Rows(features: [], labels: [])
            sample.features.reserveCapacity(Int(1.1 * share * Double(features.count)))
            for (row, notification) in notifications.enumerated() where order.isWithin(share, notification) {
                sample.features += features[row * columnCount..<(row + 1) * columnCount]
                sample.labels.append(labels[row])
            }
            return sample
        }
    }

    /// Trains a model on each of `shares` of the training part's notifications, always over its whole period, and measures it on `test`.
    ///
    /// A share whose rows are all of one kind has no point. The result is the same for the same rows, seed and threads.
    ///
    /// - Parameters:
    ///   - trees: of each model: more rows would bear more, so the curve rather flattens too early than too late.
    ///   - maximumBins: bins that a feature's values are sorted into.
    ///   - parameters: of libxgboost, for a share of delivered rows.
    ///   - progress: receives the share of the work that is done, in [0, 1].
    package static func measure(
        training: Rows, test: Rows, columnCount: Int, trees: Int, maximumBins: Int = 256, seed: UInt64, threads: Int,
        parameters: (_ rate: Double) -> [(name: String, value: String)], progress: (Double) -> Void = { _ in }
    ) throws(XGBoostError) -> LearningCurve {
        precondition(training.notifications.count == training.labels.count, "a notification for each training row")
        let testMatrix = try DMatrix.copying(test.matrixRows, columnCount: columnCount, threads: threads)
        let order = SeededOrder(seed: seed)
        let scale = min(1, Double(rowLimit) / Double(max(training.labels.count, 1)))
        let shares = Self.shares.map { $0 * scale }
        let total = shares.reduce(0, +)
        var points: [Point] = []
        var done = 0.0
        for share in shares {
            let sample = training.sample(share, columnCount: columnCount, order: order)
            if sample.rate > 0, sample.rate < 1 {
                let matrix = try DMatrix.binned(
                    sample.matrixRows, columnCount: columnCount, maximumBins: maximumBins, threads: threads)
                var booster = try Booster.untrained(parameters: parameters(sample.rate), training: matrix, validation: testMatrix)
                for round in 0..<trees {
                    try booster.boost(round: round, on: matrix)
                    progress((done + share * Double(round + 1) / Double(trees)) / total)
                }
                points.append(point(share, rows: sample.labels.count, margins: try booster.margins(of: testMatrix), labels: test.labels))
            }
            done += share
        }
        progress(1)
        return LearningCurve(points: points, trees: trees)
    }

    private static func point(_ share: Double, rows: Int, margins: [Float], labels: [Float]) -> Point {
        let probabilities = margins.map { Float(1 / (1 + exp(-Double($0)))) }
        var loss = 0.0
        for (margin, label) in zip(margins, labels) {
            let m = Double(margin)
            loss += max(m, 0) - m * Double(label) + log1p(exp(-abs(m)))
        }
        return Point(
            share: share, trainingRows: rows, logLoss: loss / Double(labels.count),
            auc: ROCCurve(probabilities: probabilities, labels: labels)?.auc ?? .nan)
    }
}
