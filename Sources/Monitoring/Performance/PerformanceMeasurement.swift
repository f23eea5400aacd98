package import Scoring

/// Turns judged attempts into a report; pure.
///
/// **Intervals** are of 95 %, from a bootstrap of whole notifications with a fixed seed (`ClusterBootstrap`), the same method as in a
/// model's report: percentiles, and for the calibration error, which resampling inflates, the basic interval. More attempts need fewer
/// draws to be measured in the same time. A window's steps, and the longest one's segments, are measured by the window's own draws.
package struct PerformanceMeasurement: Sendable {
    package static let seed: UInt64 = 1
    private static let draws = 60...200
    /// Rows times draws.
    private static let effort = 4_000_000

    package var modelVersion: String
    package var threshold: Float
    package var asOf: Timestamp
    package var maturityMilliseconds: Int64
    /// Whether older attempts than those given are in the windows.
    package var isTruncated: Bool
    /// Attempts that were decided too late to be judged yet and are not among those given.
    package var waiting: Int

    package init(
        modelVersion: String, threshold: Float, asOf: Timestamp, maturityMilliseconds: Int64, isTruncated: Bool = false, waiting: Int = 0
    ) {
        self.modelVersion = modelVersion
        self.threshold = threshold
        self.asOf = asOf
        self.maturityMilliseconds = maturityMilliseconds
        self.isTruncated = isTruncated
        self.waiting = waiting
    }

    /// The time from which on decisions cannot be judged yet.
    package var judgedUntil: Timestamp { asOf + -maturityMilliseconds }

    /// Where a window begins.
    package func start(of window: PerformanceWindow) -> Timestamp { judgedUntil + -window.length }

    package func report(of attempts: JudgedAttempts) -> PerformanceReport {
        var windows: [PerformanceWindow: PerformanceReport.Window] = [:]
        var segments: [PerformanceReport.Segment] = []
        var resamples = 0
        for window in PerformanceWindow.allCases {
            let count = attempts.count(since: start(of: window))
            let rows = MaturedRows(attempts, count: count)
            let steps = steps(of: attempts, count: count, window)
            let parts = window == .longest ? parts(of: attempts, count: count) : []
            let measured = measure(rows, parts: steps.map(\.rows) + parts.map(\.rows))
            let isWhole = count < attempts.count
            windows[window] = PerformanceReport.Window(
                from: start(of: window), until: asOf, counts: counts(of: attempts, count: count), figures: measured.whole,
                isTruncated: isTruncated && !isWhole, reliability: measured.reliability,
                steps: zip(steps, measured.parts).compactMap { step, figures in
                    guard step.counts.decisions > 0 else { return nil }
                    return PerformanceReport.Step(from: step.from, until: step.until, counts: step.counts, figures: figures)
                })
            guard window == .longest else { continue }
            resamples = Self.resamples(rows.count)
            segments = zip(parts, measured.parts.dropFirst(steps.count)).map { part, figures in
                PerformanceReport.Segment(division: part.division, group: part.group, counts: part.counts, figures: figures)
            }
        }
        return PerformanceReport(
            modelVersion: modelVersion, threshold: threshold, asOf: asOf, maturityMilliseconds: maturityMilliseconds,
            resamples: resamples, windows: windows, segments: segments)
    }

    private func counts(of attempts: JudgedAttempts, count: Int) -> PerformanceCounts {
        var counts = PerformanceCounts()
        for verdict in attempts.verdicts.prefix(count) { counts.add(verdict) }
        counts.decisions += waiting
        counts.pending += waiting
        return counts
    }

    // MARK: Figures

    private struct Measured {
        var whole = PerformanceFigures()
        var parts: [PerformanceFigures]
        var reliability: [ReliabilityBin] = []
    }

    /// The figures of rows and of parts of them, all by the same draws.
    ///
    /// - Parameter parts: places among the rows.
    private func measure(_ rows: MaturedRows, parts: [[Int]]) -> Measured {
        var measured = Measured(parts: Array(repeating: PerformanceFigures(), count: parts.count))
        // No part is larger than all of them.
        guard rows.count >= PerformanceFigures.minimumRows else { return measured }
        let evaluationRows = EvaluationRows(labels: rows.labels, groups: rows.notifications)
        let whole = RankedRows(probabilities: rows.probabilities, rows: evaluationRows, threshold: threshold)
        let large = parts.indices.filter { parts[$0].count >= PerformanceFigures.minimumRows }
        let samples = large.map {
            RankedRows(probabilities: rows.probabilities, rows: evaluationRows, subset: parts[$0], threshold: threshold)
        }
        let bootstrap = ClusterBootstrap(resamples: Self.resamples(rows.count), seed: Self.seed)
        let results = bootstrap.evaluate([whole] + samples, groupCount: evaluationRows.groupCount).map(PerformanceFigures.init)
        measured.whole = results[0]
        for (index, figures) in zip(large, results.dropFirst()) { measured.parts[index] = figures }
        measured.reliability = ReliabilityBin.bins(of: whole)
        return measured
    }

    static func resamples(_ rows: Int) -> Int {
        min(max(effort / max(rows, 1), draws.lowerBound), draws.upperBound)
    }

    // MARK: Segments

    private struct Part {
        var division: PerformanceDivision
        var group: String
        var counts = PerformanceCounts()
        /// Places among the matured rows.
        var rows: [Int] = []
    }

    private func parts(of attempts: JudgedAttempts, count: Int) -> [Part] {
        PerformanceDivision.allCases.indices.flatMap { parts(of: attempts, count: count, division: $0) }
    }

    private func parts(of attempts: JudgedAttempts, count: Int, division index: Int) -> [Part] {
        let division = PerformanceDivision.allCases[index]
        let names = attempts.names[index]
        var sizes = [Int](repeating: 0, count: names.count)
        for group in attempts.groups[index].prefix(count) { sizes[Int(group)] += 1 }
        let order = names.indices.filter { sizes[$0] > 0 }.sorted { (-sizes[$0], names[$0]) < (-sizes[$1], names[$1]) }
        let shown = order.prefix(division.limit ?? order.count)
        var parts = shown.map { Part(division: division, group: names[$0]) }
        if shown.count < order.count { parts.append(Part(division: division, group: PerformanceDivision.other)) }
        var places = [Int](repeating: parts.count - 1, count: names.count)
        for (place, group) in shown.enumerated() { places[group] = place }
        var row = 0
        for (attempt, verdict) in attempts.verdicts.prefix(count).enumerated() {
            let place = places[Int(attempts.groups[index][attempt])]
            parts[place].counts.add(verdict)
            guard verdict == .delivered || verdict == .failed else { continue }
            parts[place].rows.append(row)
            row += 1
        }
        return parts
    }

    // MARK: Steps

    private struct StepPart {
        var from: Timestamp
        var until: Timestamp
        var counts = PerformanceCounts()
        /// Places among the matured rows.
        var rows: [Int] = []
    }

    /// The steps of a window, oldest first.
    private func steps(of attempts: JudgedAttempts, count: Int, _ window: PerformanceWindow) -> [StepPart] {
        let start = start(of: window)
        var steps = (0..<window.length / window.step).map {
            StepPart(from: start + $0 * window.step, until: start + ($0 + 1) * window.step)
        }
        var row = 0
        for (attempt, verdict) in attempts.verdicts.prefix(count).enumerated() {
            let age = attempts.decidedAt[attempt] - start
            let place = min(Int(age / window.step), steps.count - 1)
            steps[place].counts.add(verdict)
            guard verdict == .delivered || verdict == .failed else { continue }
            steps[place].rows.append(row)
            row += 1
        }
        return steps
    }
}

/// The attempts with an outcome, in their order.
private struct MaturedRows {
    var probabilities: [Float] = []
    var labels: [Float] = []
    var notifications: [Int] = []

    var count: Int { labels.count }

    init(_ attempts: JudgedAttempts, count: Int) {
        for (index, verdict) in attempts.verdicts.prefix(count).enumerated() where verdict == .delivered || verdict == .failed {
            probabilities.append(attempts.probabilities[index])
            labels.append(verdict == .delivered ? 1 : 0)
            notifications.append(attempts.notifications[index])
        }
    }
}
