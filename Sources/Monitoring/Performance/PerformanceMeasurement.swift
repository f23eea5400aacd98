package import Scoring

/// Turns judged attempts into a report; pure.
///
/// **Intervals** are of 95 %, from a bootstrap of whole notifications with a fixed seed (`ClusterBootstrap`), the same method as in a
/// model's report: percentiles, and for the calibration error, which resampling inflates, the basic interval. More attempts need fewer
/// draws to be measured in the same time.
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
        var last: (rows: MaturedRows, count: Int)?
        for window in PerformanceWindow.allCases {
            let count = attempts.count(since: start(of: window))
            let rows = MaturedRows(attempts, count: count)
            var counts = PerformanceCounts()
            for verdict in attempts.verdicts.prefix(count) { counts.add(verdict) }
            counts.decisions += waiting
            counts.pending += waiting
            let isWhole = count < attempts.count
            windows[window] = PerformanceReport.Window(
                from: start(of: window), until: asOf, counts: counts, figures: figures(of: rows, subsets: [nil])[0],
                isTruncated: isTruncated && !isWhole)
            last = (rows, count)
        }
        let longest = last ?? (MaturedRows(attempts, count: 0), 0)
        return PerformanceReport(
            modelVersion: modelVersion, threshold: threshold, asOf: asOf, maturityMilliseconds: maturityMilliseconds,
            resamples: Self.resamples(longest.rows.count), windows: windows,
            segments: segments(of: attempts, count: longest.count, longest.rows))
    }

    // MARK: Figures

    /// The figures of parts of the rows; `nil` = all of them.
    private func figures(of rows: MaturedRows, subsets: [[Int]?]) -> [PerformanceFigures] {
        guard rows.count > 0 else { return subsets.map { _ in PerformanceFigures() } }
        let evaluationRows = EvaluationRows(labels: rows.labels, groups: rows.notifications)
        let large = subsets.indices.filter { (subsets[$0]?.count ?? rows.count) >= PerformanceFigures.minimumRows }
        let samples = large.map {
            RankedRows(probabilities: rows.probabilities, rows: evaluationRows, subset: subsets[$0], threshold: threshold)
        }
        let bootstrap = ClusterBootstrap(resamples: Self.resamples(rows.count), seed: Self.seed)
        let results = bootstrap.evaluate(samples, groupCount: evaluationRows.groupCount)
        var figures = subsets.map { _ in PerformanceFigures() }
        for (index, result) in zip(large, results) { figures[index] = PerformanceFigures(result) }
        return figures
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

    private func segments(of attempts: JudgedAttempts, count: Int, _ rows: MaturedRows) -> [PerformanceReport.Segment] {
        let parts = PerformanceDivision.allCases.indices.flatMap { self.parts(of: attempts, count: count, division: $0) }
        let figures = figures(of: rows, subsets: parts.map(\.rows))
        return zip(parts, figures).map { part, figures in
            PerformanceReport.Segment(division: part.division, group: part.group, counts: part.counts, figures: figures)
        }
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
