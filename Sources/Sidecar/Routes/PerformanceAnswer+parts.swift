internal import Monitoring
internal import Scoring

/// Windows, steps and segments as the answer has them.
extension PerformanceAnswer {
    struct Window: Encodable {
        var window: PerformanceReport.Window

        init(_ window: PerformanceReport.Window) { self.window = window }

        private enum Key: String, CodingKey {
            case from
            case until
            case truncated
            case counts
            case figures
            case reliability
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(window.from.rfc3339, forKey: .from)
            try fields.encode(window.until.rfc3339, forKey: .until)
            try fields.encode(window.isTruncated, forKey: .truncated)
            try fields.encode(Counts(window.counts), forKey: .counts)
            try fields.encode(Figures(window.figures), forKey: .figures)
            try fields.encode(window.reliability.map(Bin.init), forKey: .reliability)
        }
    }

    /// Promised against observed share.
    struct Bin: Encodable {
        var predicted: Double
        var observed: Double
        var lower: Double
        var upper: Double
        var rows: Int

        init(_ bin: ReliabilityBin) {
            predicted = bin.predicted
            observed = bin.observed.value
            lower = bin.observed.low
            upper = bin.observed.high
            rows = bin.rows
        }
    }

    /// A window in steps.
    struct Series: Encodable {
        struct Point: Encodable {
            var from: String
            var until: String
            var counts: Counts
            var figures: Figures

            init(_ step: PerformanceReport.Step) {
                from = step.from.rfc3339
                until = step.until.rfc3339
                counts = Counts(step.counts)
                figures = Figures(step.figures, PerformanceFigures.seriesMetrics)
            }
        }

        var stepSeconds: Int64
        var points: [Point]

        init(_ window: PerformanceWindow, _ steps: [PerformanceReport.Step]) {
            stepSeconds = window.step / 1000
            points = steps.map(Point.init)
        }

        private enum CodingKeys: String, CodingKey {
            case stepSeconds = "step_s"
            case points
        }
    }

    struct Segment: Encodable {
        var group: String
        var counts: Counts
        var figures: Figures

        init(_ segment: PerformanceReport.Segment) {
            group = segment.group
            counts = Counts(segment.counts)
            figures = Figures(segment.figures)
        }
    }

    struct Counts: Encodable {
        var decisions: Int
        var matured: Int
        var delivered: Int
        var pending: Int
        var unknown: Int
        var superseded: Int

        init(_ counts: PerformanceCounts) {
            decisions = counts.decisions
            matured = counts.matured
            delivered = counts.delivered
            pending = counts.pending
            unknown = counts.unknown
            superseded = counts.superseded
        }
    }

    /// Each figure with its interval; null where it cannot be told.
    struct Figures: Encodable {
        var figures: PerformanceFigures
        var metrics: [EvaluationMetric]

        init(_ figures: PerformanceFigures, _ metrics: [EvaluationMetric] = PerformanceFigures.metrics) {
            self.figures = figures
            self.metrics = metrics
        }

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(_ metric: EvaluationMetric) { stringValue = metric.rawValue }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        private struct Figure: Encodable {
            var value: Double
            var lower: Double?
            var upper: Double?

            private enum Key: String, CodingKey {
                case value
                case lower
                case upper
            }

            func encode(to encoder: any Encoder) throws {
                var fields = encoder.container(keyedBy: Key.self)
                try fields.encode(value, forKey: .value)
                try fields.encode(lower, forKey: .lower)
                try fields.encode(upper, forKey: .upper)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            for metric in metrics {
                let figure = figures[metric].map { Figure(value: $0.value, lower: $0.lower, upper: $0.upper) }
                try fields.encode(figure, forKey: Key(metric))
            }
        }
    }
}
