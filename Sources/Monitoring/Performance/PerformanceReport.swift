package import Scoring

/// How a model does on what really happened, over several windows and by segment.
package struct PerformanceReport: Equatable, Sendable {
    package struct Window: Equatable, Sendable {
        package var from: Timestamp
        /// The time of the report: decisions after this are in none.
        package var until: Timestamp
        package var counts: PerformanceCounts
        package var figures: PerformanceFigures
        /// Whether there were more decisions than are looked at; then these are the newest.
        package var isTruncated: Bool
        /// Promised against observed share of the matured attempts.
        package var reliability: [ReliabilityBin]
        /// The window from the oldest to the newest of its steps; those without any decision are left out, and so is what waits behind
        /// the last one.
        package var steps: [Step]
    }

    /// A part of a window.
    package struct Step: Equatable, Sendable {
        package var from: Timestamp
        /// The first time behind it; the last step's own end belongs to it.
        package var until: Timestamp
        package var counts: PerformanceCounts
        package var figures: PerformanceFigures
    }

    package struct Segment: Equatable, Sendable {
        package var division: PerformanceDivision
        /// Such as `sms`; `other` for all that are not shown by name.
        package var group: String
        package var counts: PerformanceCounts
        package var figures: PerformanceFigures
    }

    package var modelVersion: String
    /// From this probability on an attempt counts as predicted to succeed.
    package var threshold: Float
    /// When it was measured, by the clock of the decisions.
    package var asOf: Timestamp
    /// How long an outcome is waited for.
    package var maturityMilliseconds: Int64
    /// Draws of the bootstrap behind the intervals of the longest window.
    package var resamples: Int
    package var windows: [PerformanceWindow: Window]
    /// Of the longest window, by division; the largest group first, `other` last.
    package var segments: [Segment]
}
