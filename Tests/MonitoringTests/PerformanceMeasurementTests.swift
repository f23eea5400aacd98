import Foundation
import Monitoring
import Scoring
import Testing

/// The figures against values computed by hand, and what counts as what.
@Suite struct PerformanceMeasurementTests {
    private static let asOf = Timestamp(milliseconds: 1_800_000_000_000)
    private static let minute: Int64 = 60_000
    private static let maturity: Int64 = 3_600_000
    private let measurement = PerformanceMeasurement(
        modelVersion: "v1", threshold: 0.5, asOf: Self.asOf, maturityMilliseconds: Self.maturity)

    private struct Row {
        var probability: Float = 0.5
        var verdict: JudgedAttempts.Verdict
        var ageMinutes: Int64 = 70
        var notification: String?
        var country = "DE"
        var provider = "ses"
    }

    /// Newest first, as the database gives them.
    private func attempts(_ rows: [Row]) -> JudgedAttempts {
        var attempts = JudgedAttempts()
        for (index, row) in rows.enumerated() {
            attempts.append(
                probability: row.probability, verdict: row.verdict, notification: row.notification ?? "n\(index)",
                decidedAt: Self.asOf + -(row.ageMinutes * Self.minute)
            ) { division in
                switch division {
                case .channel: "email"
                case .provider: row.provider
                case .templateType: "otp"
                case .country: row.country
                }
            }
        }
        return attempts
    }

    /// Ten times: 0.25 failed, 0.75 delivered, 0.5 delivered, 0.5 failed.
    private var known: [Row] {
        (0..<10).flatMap { _ in
            [
                Row(probability: 0.25, verdict: .failed), Row(probability: 0.75, verdict: .delivered),
                Row(probability: 0.5, verdict: .delivered), Row(probability: 0.5, verdict: .failed),
            ]
        }
    }

    @Test func figuresByHand() throws {
        let window = try #require(measurement.report(of: attempts(known)).windows[.hour])
        func value(_ metric: EvaluationMetric) throws -> Double { try #require(window.figures[metric]).value }
        // From 0.5 on: 30 predicted, 20 of them delivered, and those are all that were.
        #expect(abs(try value(.precision) - 2.0 / 3) < 1e-12)
        #expect(try value(.recall) == 1)
        #expect(abs(try value(.f1) - 0.8) < 1e-12)
        // Of four pairs three are won and one is tied.
        #expect(try value(.auc) == 0.875)
        // Precision 1 up to recall 0.5, then 2/3.
        #expect(abs(try value(.prAUC) - (0.5 + 0.5 * 2 / 3)) < 1e-12)
        #expect(abs(try value(.logLoss) - (2 * log(4.0 / 3) + 2 * log(2.0)) / 4) < 1e-12)
        #expect(try value(.brier) == 0.15625)
        // 0.25 observed as 0 and 0.75 as 1, ten rows each; 0.5 is right.
        #expect(abs(try value(.calibrationError) - 0.125) < 1e-12)
        #expect(try value(.baseRate) == 0.5)
        for metric in PerformanceFigures.metrics {
            let figure = try #require(window.figures[metric])
            let (lower, upper) = (try #require(figure.lower), try #require(figure.upper))
            #expect(lower <= figure.value && figure.value <= upper && (lower < upper || metric == .recall), "\(metric)")
        }
    }

    @Test func theSameAttemptsGiveTheSameIntervals() {
        #expect(measurement.report(of: attempts(known)) == measurement.report(of: attempts(known)))
    }

    /// Attempts of one notification say less than as many of different ones.
    @Test func attemptsOfOneNotificationWidenTheInterval() throws {
        func width(_ rows: [Row]) throws -> Double {
            let rate = try #require(measurement.report(of: attempts(rows)).windows[.hour]?.figures[.baseRate])
            return try #require(rate.upper) - (try #require(rate.lower))
        }
        let rows = (0..<400).map { Row(verdict: $0 / 20 % 2 == 0 ? .delivered : .failed) }
        let clustered = rows.enumerated().map { index, row in
            var row = row
            row.notification = "n\(index / 20)"
            return row
        }
        #expect(try width(clustered) > 2 * width(rows))
    }

    @Test func whatHasNoOutcomeIsNoFailure() throws {
        let rows =
            known + [
                Row(verdict: .pending), Row(verdict: .pending), Row(verdict: .unknown), Row(verdict: .superseded),
            ]
        let report = measurement.report(of: attempts(rows))
        let window = try #require(report.windows[.hour])
        #expect(window.counts.decisions == 44)
        #expect(window.counts.matured == 40)
        #expect(window.counts.delivered == 20)
        #expect(window.counts.pending == 2)
        #expect(window.counts.unknown == 1)
        #expect(window.counts.superseded == 1)
        #expect(window.figures[.baseRate]?.value == 0.5)
    }

    @Test func windowsEndWhereJudgingBegins() throws {
        // Minutes back from the end: an hour for maturity, then the window's own length.
        let week: Int64 = 60 + 7 * 24 * 60
        let ages: [Int64] = [60, 119, 121, 60 + 1439, 60 + 1441, week - 1]
        let rows = ages.map { Row(verdict: .delivered, ageMinutes: $0) }
        let report = measurement.report(of: attempts(rows))
        let decisions = PerformanceWindow.allCases.map { report.windows[$0]?.counts.decisions }
        #expect(decisions == [2, 4, 6])
        #expect(report.windows[.hour]?.from == Self.asOf + -(Self.maturity + 3_600_000))
        #expect(report.windows[.hour]?.until == Self.asOf)
    }

    @Test func waitingDecisionsArePendingInEveryWindow() {
        var measurement = measurement
        measurement.waiting = 5
        let report = measurement.report(of: attempts(known))
        #expect(PerformanceWindow.allCases.allSatisfy { report.windows[$0]?.counts.pending == 5 })
        #expect(report.windows[.week]?.counts.decisions == 45)
    }

    @Test func onlyWindowsThatReachFurtherAreTruncated() {
        var measurement = measurement
        measurement.isTruncated = true
        let rows = known + [Row(verdict: .delivered, ageMinutes: 200)]
        let report = measurement.report(of: attempts(rows))
        let truncated = PerformanceWindow.allCases.map { report.windows[$0]?.isTruncated }
        #expect(truncated == [false, true, true])
    }

    @Test func promisedAgainstObservedByHand() throws {
        let bins = try #require(measurement.report(of: attempts(known)).windows[.hour]).reliability
        #expect(bins.map(\.predicted) == [0.25, 0.5, 0.75])
        #expect(bins.map(\.rows) == [10, 20, 10])
        #expect(bins.map(\.observed.value) == [0, 0.5, 1])
        #expect(bins.map(\.observed) == [(0, 10), (10, 20), (10, 10)].map { Interval(hits: $0.0, of: $0.1) })
    }

    @Test func binsAreOfAboutEqualSizeAndTwelveAtMost() throws {
        func bins(_ count: Int) throws -> [ReliabilityBin] {
            let rows = (0..<count).map { index in
                // In no order, none twice, and with other verdicts between them that are no rows.
                Row(
                    probability: Float((index * 7919) % count) / Float(count),
                    verdict: index % 3 == 0 ? .delivered : .failed)
            }
            let others = [Row(probability: 0.99, verdict: .pending), Row(probability: 0.98, verdict: .superseded)]
            return try #require(measurement.report(of: attempts(rows + others)).windows[.week]).reliability
        }
        let many = try bins(1200)
        #expect(many.map(\.rows) == Array(repeating: 100, count: 12))
        #expect(many.map(\.predicted) == many.map(\.predicted).sorted())
        #expect(abs(many[0].predicted - 49.5 / 1200) < 1e-6)
        #expect(try bins(1205).allSatisfy { (100...101).contains($0.rows) })
        // Fewer, and not of a handful each.
        #expect(try bins(30).map(\.rows) == [10, 10, 10])
        #expect(try bins(29).isEmpty)
    }

    @Test func stepsFillTheirWindow() throws {
        // From the newest that can be judged to the oldest in the week: both belong to a step.
        let week: Int64 = 60 + 7 * 24 * 60
        let ages: [Int64] = [60, 61, 65, 66, 119, 120, 121, 60 + 1440, week - 1, week]
        let rows = ages.enumerated().map { index, age in
            Row(verdict: [.delivered, .pending, .failed, .unknown, .superseded][index % 5], ageMinutes: age)
        }
        var measurement = measurement
        measurement.waiting = 3
        let report = measurement.report(of: attempts(rows))
        for window in PerformanceWindow.allCases {
            let found = try #require(report.windows[window])
            #expect(found.steps.allSatisfy { $0.counts.decisions > 0 && $0.until - $0.from == window.step })
            #expect(found.steps.map(\.from) == found.steps.map(\.from).sorted())
            #expect(found.steps.allSatisfy { ($0.from - found.from) % window.step == 0 && $0.until <= measurement.judgedUntil })
            #expect(found.steps.reduce(0) { $0 + $1.counts.decisions } == found.counts.decisions - 3)
            #expect(found.steps.reduce(0) { $0 + $1.counts.pending } == found.counts.pending - 3)
            #expect(found.steps.reduce(0) { $0 + $1.counts.delivered } == found.counts.delivered)
            #expect(found.steps.last?.until == measurement.judgedUntil)
        }
        // 60, 61 and 65 min ago: the last five minutes that can be judged, with both ends.
        #expect(report.windows[.hour]?.steps.map(\.counts.decisions) == [2, 1, 3])
    }

    @Test func stepsAreMeasuredAsRowsOfTheirOwn() throws {
        let later = known.map { row in
            var row = row
            row.ageMinutes = 62
            return row
        }
        let earlier = (0..<40).map { Row(probability: 0.75, verdict: $0 % 4 == 0 ? .failed : .delivered, ageMinutes: 100) }
        let few = (0..<(PerformanceFigures.minimumRows - 1)).map { Row(verdict: $0 % 2 == 0 ? .delivered : .failed, ageMinutes: 110) }
        let steps = try #require(measurement.report(of: attempts(later + earlier + few)).windows[.hour]).steps
        #expect(steps.map(\.counts.matured) == [PerformanceFigures.minimumRows - 1, 40, 40])
        #expect(steps[0].figures == PerformanceFigures())
        #expect(steps[1].figures[.baseRate]?.value == 0.75)
        #expect(abs(try #require(steps[1].figures[.calibrationError]).value) < 1e-12)
        #expect(steps[2].figures[.auc]?.value == 0.875)
        #expect(abs(try #require(steps[2].figures[.calibrationError]).value - 0.125) < 1e-12)
        for metric in PerformanceFigures.seriesMetrics {
            let figure = try #require(steps[2].figures[metric])
            #expect(try #require(figure.lower) <= figure.value && figure.value <= (try #require(figure.upper)), "\(metric)")
        }
    }

    @Test func segmentsAreNamedByTheirSize() throws {
        let countries = ["DE", "FR", "GB", "IT", "ES", "PL", "NL", "SE", "DK", "NO", "FI", "PT"]
        let rows = countries.enumerated().flatMap { index, country in
            (0..<(40 - index)).map { Row(verdict: $0 % 2 == 0 ? .delivered : .failed, country: country) }
        }
        let report = measurement.report(of: attempts(rows))
        let segments = report.segments.filter { $0.division == .country }
        #expect(segments.map(\.group) == Array(countries.prefix(10)) + ["other"])
        #expect(segments.map(\.counts.decisions) == Array((31...40).reversed()) + [30 + 29])
        #expect(segments.reduce(0) { $0 + $1.counts.matured } == rows.count)
        #expect(segments.first?.figures[.baseRate]?.value == 0.5)
        #expect(segments.last?.figures[.baseRate] != nil)
    }

    @Test func smallSegmentsHaveCountsAlone() throws {
        let few = (0..<(PerformanceFigures.minimumRows - 1)).map { Row(verdict: $0 % 2 == 0 ? .delivered : .failed, provider: "small") }
        let report = measurement.report(of: attempts(known + few))
        let small = try #require(report.segments.first { $0.group == "small" })
        #expect(small.counts.matured == PerformanceFigures.minimumRows - 1)
        #expect(small.figures == PerformanceFigures())
        #expect(report.segments.first { $0.group == "ses" }?.figures[.auc]?.value == 0.875)
    }

    @Test func withoutAttemptsThereAreCountsAlone() {
        let report = measurement.report(of: JudgedAttempts())
        #expect(report.segments.isEmpty)
        for window in PerformanceWindow.allCases {
            #expect(report.windows[window]?.counts == PerformanceCounts())
            #expect(report.windows[window]?.figures == PerformanceFigures())
            #expect(report.windows[window]?.reliability == [] && report.windows[window]?.steps == [])
        }
    }
}
