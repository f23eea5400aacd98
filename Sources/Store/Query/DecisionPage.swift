package import Scoring

/// Some decisions of a search, the newest first.
package struct DecisionPage: Sendable {
    /// A decision, without feature row and action set, and what is known of its job.
    package struct Entry: Sendable {
        package var record: DecisionRecord
        /// Of the job, in the order in which they happened.
        package var outcomes: [Outcome]

        package init(record: DecisionRecord, outcomes: [Outcome]) {
            self.record = record
            self.outcomes = outcomes
        }
    }

    package var entries: [Entry] = []
    /// Where the search goes on; `nil` where it has come to its end.
    package var next: DecisionPosition?
}

/// What a search for one page may take.
package struct DecisionSearchLimits: Sendable {
    /// Decisions on the page.
    package var count: Int
    /// Steps through an index.
    package var steps = 10
    /// Entries of a step through the index that holds every field: only what matches is read from the collection.
    package var timeStep = 20_000
    /// Entries of a step through an index of one field: each is read from the collection.
    ///
    /// Such an index is taken where its step reaches further back, so where what it finds is less than a tenth of all.
    package var narrowStep = 2000
    /// Decisions whose outcomes are looked up, where the outcome is asked for.
    package var candidates = 10_000
    /// After this no further step is begun.
    package var time = Duration.milliseconds(1500)

    package init(count: Int) {
        self.count = count
    }
}
