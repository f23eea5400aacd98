extension FeatureImportances {
    /// Rows that contributions are averaged over: enough for three digits, and they take a second.
    package static let sampleLimit = 2000

    /// Measures the importances of a model.
    ///
    /// - Parameters:
    ///   - ubjson: the model as libxgboost wrote it.
    ///   - rows: feature rows, row-major, missing = NaN; those of the test part. At most `sampleLimit` of them are drawn.
    ///   - names: of the features, in column order.
    ///   - seed: of the draw.
    ///   - threads: of libxgboost, 1 to 1024.
    package static func measure(
        ubjson: [UInt8], rows: [Float], names: [String], seed: UInt64, threads: Int
    ) throws(XGBoostError) -> FeatureImportances {
        precondition(!names.isEmpty && rows.count % names.count == 0, "whole rows")
        let booster = try Booster.loaded(ubjson: ubjson, threads: threads)
        let sample = SeededOrder(seed: seed).sample(of: rows.count / names.count, limit: sampleLimit)
        var sampled: [Float] = []
        sampled.reserveCapacity(sample.count * names.count)
        for row in sample { sampled += rows[row * names.count..<(row + 1) * names.count] }
        let contributions = try Contributions(booster, rows: sampled, columnCount: names.count, threads: threads)
        let gains = try booster.totalGains()
        let gainOfAll = gains.values.sorted().reduce(0, +)
        let features = names.enumerated().map { index, name in
            // A model that was not given names has these.
            let gain = gains[name] ?? gains["f\(index)"] ?? 0
            return Feature(
                name: name, gainShare: gainOfAll > 0 ? gain / gainOfAll : 0, meanAbsoluteContribution: contributions.meanAbsolute(index))
        }
        return FeatureImportances(
            features: features.sorted { ($0.meanAbsoluteContribution, $1.name) > ($1.meanAbsoluteContribution, $0.name) },
            sampledRows: sample.count, isApproximate: false)
    }
}
