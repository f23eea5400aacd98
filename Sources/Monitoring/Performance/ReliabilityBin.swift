internal import Scoring

/// Matured attempts of about the same probability: what was promised and what came of it.
package struct ReliabilityBin: Equatable, Sendable {
    /// Most bins of a window.
    static let limit = 12
    /// Attempts that each bin has, about, where there are too few for `limit` bins.
    private static let smallestSize = 10

    /// Mean probability.
    package var predicted: Double
    /// Share of delivered attempts with its 95 % score interval (Wilson).
    package var observed: Interval
    package var rows: Int

    /// By ascending probability, of about equal size; empty below `PerformanceFigures.minimumRows`.
    static func bins(of rows: RankedRows) -> [ReliabilityBin] {
        guard rows.count >= PerformanceFigures.minimumRows else { return [] }
        return rows.bins(atMost: min(limit, rows.count / smallestSize)).compactMap { bin in
            Interval(hits: bin.delivered, of: bin.rows).map {
                ReliabilityBin(predicted: bin.predicted, observed: $0, rows: bin.rows)
            }
        }
    }
}
