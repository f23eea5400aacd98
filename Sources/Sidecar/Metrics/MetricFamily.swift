/// One metric with all its series as they stand at one moment.
package struct MetricFamily: Sendable, Equatable {
    package struct Series: Sendable, Equatable {
        package var labels: MetricLabels
        package var value: MetricValue

        package init(_ labels: MetricLabels = MetricLabels(), _ value: MetricValue) {
            self.labels = labels
            self.value = value
        }
    }

    package var name: String
    package var kind: MetricKind
    package var help: String
    package var series: [Series]

    package init(_ name: String, _ kind: MetricKind, _ help: String, _ series: [Series]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.series = series
    }

    /// A family of one series without labels.
    package init(_ name: String, _ kind: MetricKind, _ help: String, _ value: Double) {
        self.init(name, kind, help, [Series(MetricLabels(), .number(value))])
    }
}

/// What a series says.
package enum MetricValue: Sendable, Equatable {
    case number(Double)
    /// - Parameters:
    ///   - bounds: of the buckets, ascending; one without a bound follows them.
    ///   - counts: observations in each bucket by itself, one more than there are bounds.
    ///   - sum: of all observations.
    case histogram(bounds: [Double], counts: [UInt64], sum: Double)
}
