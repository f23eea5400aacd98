extension BoostingCurve {
    /// Points of the curve, closer together at the beginning, where it is steep.
    private static let pointCount = 24
    /// Most rows of each part that are looked at.
    private static let rowLimit = 10_000

    /// Asks the model as it was after some of its trees, about rows of the part it was fitted to and of the part that ended it.
    ///
    /// - Parameters:
    ///   - ubjson: the model as libxgboost wrote it, with `treeCount` trees, at least one.
    ///   - seed: of the draw where a part has more rows than are looked at.
    static func measure(
        ubjson: [UInt8], treeCount: Int, training: LabelledRows, validation: LabelledRows, columnCount: Int, seed: UInt64, threads: Int
    ) throws(XGBoostError) -> BoostingCurve {
        let booster = try Booster.loaded(ubjson: ubjson, threads: threads)
        let order = SeededOrder(seed: seed)
        let parts = [training, validation].map { $0.sample(limit: rowLimit, columnCount: columnCount, order: order) }
        let fitted = try DMatrix.copying(parts[0], columnCount: columnCount, threads: threads)
        let held = try DMatrix.copying(parts[1], columnCount: columnCount, threads: threads)
        var points: [Point] = []
        for trees in treeCounts(upTo: treeCount) {
            points.append(
                Point(
                    trees: trees,
                    training: MarginLoss.mean(margins: try booster.margins(of: fitted, rounds: trees), labels: parts[0].labels),
                    validation: MarginLoss.mean(margins: try booster.margins(of: held, rounds: trees), labels: parts[1].labels)))
        }
        return BoostingCurve(points: points)
    }

    private static func treeCounts(upTo count: Int) -> [Int] {
        guard count > pointCount else { return Array(1...count) }
        let counts = (0..<pointCount).map { index in
            let share = Double(index) / Double(pointCount - 1)
            return 1 + Int((Double(count - 1) * share * (0.4 + 0.6 * share)).rounded())
        }
        return Set(counts).sorted()
    }
}

extension LabelledRows {
    /// At most `limit` of the rows, without their notifications.
    fileprivate func sample(limit: Int, columnCount: Int, order: SeededOrder) -> LabelledRows {
        guard count > limit else { return LabelledRows(features: features, labels: labels) }
        let chosen = order.sample(of: count, limit: limit)
        return LabelledRows(
            features: chosen.flatMap { features[$0 * columnCount..<($0 + 1) * columnCount] }, labels: chosen.map { labels[$0] })
    }
}
