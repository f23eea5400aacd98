/// What became of the attempts of a window or a segment.
package struct PerformanceCounts: Equatable, Sendable {
    /// Attempts that the model chose: all of the following together.
    package var decisions = 0
    /// With an outcome, and old enough to be judged: what the figures are measured on.
    package var matured = 0
    /// Of the matured.
    package var delivered = 0
    /// Too young to be judged, whether or not an outcome is there.
    package var pending = 0
    /// Old enough, but without an outcome.
    package var unknown = 0
    /// Attempted through another route, or at another time, than the model chose.
    package var superseded = 0

    package init() {}

    mutating func add(_ verdict: JudgedAttempts.Verdict) {
        decisions += 1
        switch verdict {
        case .delivered:
            matured += 1
            delivered += 1
        case .failed: matured += 1
        case .pending: pending += 1
        case .unknown: unknown += 1
        case .superseded: superseded += 1
        }
    }
}
