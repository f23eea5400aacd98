internal import Foundation
internal import Monitoring
internal import Scoring

/// What `GET /metrics` says as JSON; every key is there, with null for what is not known.
struct PerformanceAnswer: Encodable, Sendable {
    /// Why something is missing or old.
    enum Degradation: String, Encodable, Sendable {
        /// It did not answer when the figures were last to be measured: they are older, or not there.
        case database
        /// The first figures of this model are still being measured.
        case pending
        /// There is no model: the rule policy decides.
        case model
    }

    struct Model: Encodable, Sendable {
        var version: String
        var threshold: Double
    }

    var model: Model?
    var report: PerformanceReport?
    var degraded: [Degradation]

    init(model: Model? = nil, _ report: PerformanceReport? = nil, _ degraded: [Degradation] = []) {
        self.model = model
        self.report = report
        self.degraded = degraded
    }

    init(degraded: [Degradation]) {
        self.init(model: nil, nil, degraded)
    }

    private enum Key: String, CodingKey {
        case model
        case generatedAt = "generated_at"
        case maturitySeconds = "maturity_s"
        case intervals
        case windows
        case segments
        case degraded
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(model, forKey: .model)
        try fields.encode(report?.asOf.rfc3339, forKey: .generatedAt)
        try fields.encode(report.map { Double($0.maturityMilliseconds) / 1000 }, forKey: .maturitySeconds)
        try fields.encode(report.map { Intervals(resamples: $0.resamples) }, forKey: .intervals)
        var windows = fields.nestedContainer(keyedBy: WindowKey.self, forKey: .windows)
        for window in PerformanceWindow.allCases {
            try windows.encode(report?.windows[window].map(Window.init), forKey: WindowKey(window))
        }
        var segments = fields.nestedContainer(keyedBy: SegmentsKey.self, forKey: .segments)
        try segments.encode(PerformanceWindow.week.rawValue, forKey: .window)
        var groups = segments.nestedContainer(keyedBy: DivisionKey.self, forKey: .by)
        for division in PerformanceDivision.allCases {
            let found = report?.segments.filter { $0.division == division } ?? []
            try groups.encode(found.map(Segment.init), forKey: DivisionKey(division))
        }
        try fields.encode(degraded, forKey: .degraded)
    }
}

extension PerformanceAnswer {
    private enum SegmentsKey: String, CodingKey {
        case window
        case by
    }

    private struct WindowKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ window: PerformanceWindow) { stringValue = window.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct DivisionKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ division: PerformanceDivision) { stringValue = division.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// How the intervals came about.
    private struct Intervals: Encodable {
        var level = 0.95
        var method = "bootstrap of notifications"
        var resamples: Int
        var seed = PerformanceMeasurement.seed
    }

    private struct Window: Encodable {
        var window: PerformanceReport.Window

        init(_ window: PerformanceReport.Window) { self.window = window }

        private enum Key: String, CodingKey {
            case from
            case until
            case truncated
            case counts
            case figures
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(window.from.rfc3339, forKey: .from)
            try fields.encode(window.until.rfc3339, forKey: .until)
            try fields.encode(window.isTruncated, forKey: .truncated)
            try fields.encode(Counts(window.counts), forKey: .counts)
            try fields.encode(Figures(window.figures), forKey: .figures)
        }
    }

    private struct Segment: Encodable {
        var group: String
        var counts: Counts
        var figures: Figures

        init(_ segment: PerformanceReport.Segment) {
            group = segment.group
            counts = Counts(segment.counts)
            figures = Figures(segment.figures)
        }
    }

    private struct Counts: Encodable {
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
    private struct Figures: Encodable {
        var figures: PerformanceFigures

        init(_ figures: PerformanceFigures) { self.figures = figures }

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
            for metric in PerformanceFigures.metrics {
                let figure = figures[metric].map { Figure(value: $0.value, lower: $0.lower, upper: $0.upper) }
                try fields.encode(figure, forKey: Key(metric))
            }
        }
    }
}
