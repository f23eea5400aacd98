package import Scoring

/// Counts how values are distributed, for drift to be measured against.
package enum Histograms {
    /// Rows that the edges are taken from, evenly spread.
    private static let sampleRows = 100_000

    /// One histogram for each feature of the rows.
    static func features(of rows: LabelledRows, schema: FeatureSchema) -> [String: Manifest.Histogram] {
        var histograms: [String: Manifest.Histogram] = [:]
        for (column, feature) in schema.features.enumerated() {
            let values = (0..<rows.count).map { rows.features[$0 * schema.featureCount + column] }
            histograms[feature.name] =
                switch feature.type {
                case .categorical(let vocabulary): words(values, vocabulary: vocabulary)
                case .numeric, .cyclic: numeric(values)
                }
        }
        return histograms
    }

    /// Counts between edges that divide the values into parts of about equal size; a value that many rows share gets a bin of its own.
    package static func numeric(_ values: [Float]) -> Manifest.Histogram {
        let sample = stride(from: 0, to: values.count, by: max(1, values.count / sampleRows))
            .lazy.map { values[$0] }.filter(\.isFinite).sorted()
        var edges: [Float] = []
        let parts = Manifest.Histogram.maximumEdgeCount + 1
        for part in 1..<parts where !sample.isEmpty {
            let edge = sample[part * sample.count / parts]
            if edge > edges.last ?? sample[0] { edges.append(edge) }
        }
        var counts = [Int](repeating: 0, count: edges.count + 1)
        var missing = 0
        for value in values {
            guard !value.isNaN else {
                missing += 1
                continue
            }
            var (low, high) = (0, edges.count)
            while low < high {
                let middle = (low + high) / 2
                if edges[middle] <= value { low = middle + 1 } else { high = middle }
            }
            counts[low] += 1
        }
        return Manifest.Histogram(bins: .numeric(edges: edges.map(Double.init), counts: counts), missing: missing)
    }

    static func words(_ values: [Float], vocabulary: [String]) -> Manifest.Histogram {
        var counts = [Int](repeating: 0, count: vocabulary.count)
        var missing = 0
        for value in values {
            if value >= 0, value < Float(vocabulary.count) { counts[Int(value)] += 1 } else { missing += 1 }
        }
        return Manifest.Histogram(bins: .words(Dictionary(uniqueKeysWithValues: zip(vocabulary, counts))), missing: missing)
    }
}
