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
        case series
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
        var series = fields.nestedContainer(keyedBy: WindowKey.self, forKey: .series)
        for window in PerformanceWindow.allCases {
            let steps = report?.windows[window]?.steps
            try series.encode(steps.map { Series(window, $0) }, forKey: WindowKey(window))
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
}
