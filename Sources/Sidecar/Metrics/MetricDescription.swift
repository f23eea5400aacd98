/// What is known of a metric before anything is counted: swift-metrics has a place for name and labels alone.
package struct MetricDescription: Sendable, Equatable {
    /// As the text format spells it: with `_total` behind a counter, `_info` behind an information, and the unit before that.
    package var name: String
    package var kind: MetricKind
    /// One sentence for people.
    package var help: String
    /// Upper bounds of a histogram's buckets, ascending and finite, in the metric's unit; one without a bound follows them.
    package var buckets: [Double]
    /// Series at most; whatever comes beyond is counted in one series whose labels all say `other`.
    package var seriesLimit: Int

    package init(
        _ name: String, _ kind: MetricKind, _ help: String, buckets: [Double] = [], seriesLimit: Int = Self.defaultSeriesLimit
    ) {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "the bounds of \(name) ascend")
        self.name = name
        self.kind = kind
        self.help = help
        self.buckets = buckets
        self.seriesLimit = seriesLimit
    }

    /// Series of a metric that says nothing else.
    package static let defaultSeriesLimit = 200
}
