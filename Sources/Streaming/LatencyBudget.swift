/// Whether the model may decide, or has lately taken too long and the rules do.
///
/// A batch that takes longer than the budget puts the model aside for a second, twice as long each time it happens again, a minute at
/// most; then one batch tries it anew. A batch within the budget ends the row; one in which the model had nothing to score says nothing of
/// its speed. Pure: time is passed in.
package struct LatencyBudget: Equatable, Sendable {
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(60)

    /// Longest that a batch may take.
    package let budget: Duration
    private var pause = Duration.zero
    private var resumesAt: ContinuousClock.Instant?

    package init(_ budget: Duration) {
        self.budget = budget
    }

    /// Whether the model decides on a batch that begins at `now`.
    package func allowsModel(at now: ContinuousClock.Instant) -> Bool {
        resumesAt.map { now >= $0 } ?? true
    }

    /// Takes note of a batch that was decided on from `start` to `end`, in which the model scored `scored` jobs.
    ///
    /// Returns whether it was too slow.
    package mutating func note(scored: Int, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Bool {
        guard scored > 0 else { return false }
        guard end - start > budget else {
            pause = .zero
            resumesAt = nil
            return false
        }
        pause = pause == .zero ? Self.firstPause : min(pause * 2, Self.longestPause)
        resumesAt = end.advanced(by: pause)
        return true
    }
}
