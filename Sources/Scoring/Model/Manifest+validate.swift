extension Manifest {
    /// Most entries of any list or table in the manifest: a bound on what a hostile one can make a reader hold.
    static let maximumEntryCount = 4096

    /// Checks names, number and intervals of metrics; `key` is where they are.
    static func validate(_ metrics: [String: Metric], key: String) throws(ModelError) {
        try bound(metrics.count, 0...maximumEntryCount, key: key)
        for (name, metric) in metrics {
            for value in [metric.value, metric.lower, metric.upper].compactMap(\.self) where !value.isFinite {
                throw ModelError(.invalidValue, key: "\(key).\(name)", "is \(value), but must be finite")
            }
            guard (metric.lower == nil) == (metric.upper == nil), (metric.lower ?? 0) <= (metric.upper ?? 0) else {
                throw ModelError(.invalidValue, key: "\(key).\(name)", "its interval wants both ends, the lower one first")
            }
        }
    }

    /// Throws `invalidValue` where a number is out of its range.
    static func bound<Value: Comparable>(_ value: Value, _ range: ClosedRange<Value>, key: String) throws(ModelError) {
        guard range.contains(value) else {
            throw ModelError(.invalidValue, key: key, "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
