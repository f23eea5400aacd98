package import Scoring
package import Store

/// The decisions and outcomes in MongoDB, as training, export and replay read them.
///
/// Bounded by times that are fixed when it is made, so that every walk through it reads the same although the log grows meanwhile.
package struct DecisionLog: Sendable {
    /// What is read of the log.
    package struct Selection: Equatable, Sendable {
        /// Decisions from this time on; `nil` = from the first.
        package var from: Timestamp?
        /// What is known at this time and no more; `nil` = at the time of the last outcome.
        package var until: Timestamp?
        /// The log before this time is not looked at, outcomes included: the server may be deleting it.
        package var keptSince: Timestamp?
        package var rule = LabelRule()

        package init() {}
    }

    let database: Database
    /// Decisions that are read.
    package let decisions: ClosedRange<Timestamp>
    /// Outcomes that are heard: also those of before the first decision, which live health learnt from, and those of jobs without one.
    package let outcomes: ClosedRange<Timestamp>
    /// The time whose knowledge counts.
    package let asOf: Timestamp
    package let rule: LabelRule

    /// Asks the database for the log's times.
    ///
    /// Throws `StoreError`, and `TrainingError` where there is nothing to read or a value is out of its range.
    package init(_ database: Database, _ selection: Selection = Selection()) throws {
        try selection.rule.validate()
        let name = database.url.databaseName
        guard let times = try database.decisionTimes() else {
            throw TrainingError(.insufficientData, "the database \(name) has no decisions: they come from `herald score`")
        }
        let kept = selection.keptSince ?? times.lowerBound
        let first = max(selection.from ?? times.lowerBound, times.lowerBound, kept)
        let asOf = try selection.until ?? database.lastOutcomeTime() ?? times.upperBound
        guard first <= asOf else {
            throw TrainingError(
                .insufficientData,
                "the database \(name) has no decisions from \(first.rfc3339) to \(asOf.rfc3339); it has some from "
                    + "\(times.lowerBound.rfc3339) to \(times.upperBound.rfc3339)")
        }
        self.database = database
        self.asOf = asOf
        rule = selection.rule
        decisions = first...asOf
        outcomes = min(first, selection.keptSince ?? Timestamp(milliseconds: 0))...asOf
    }
}

extension DecisionLog: CustomStringConvertible {
    package var description: String { "mongodb \(database.url.databaseName)" }
}
