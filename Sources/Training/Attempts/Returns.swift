internal import HeapModule
internal import Scoring

/// Delayed attempts on their way back: Herald decides a job anew that comes back from a retry queue.
///
/// A data set tells of each attempt only the decision that put it off. Learnt from these alone, "later" and "after a pause" are one thing,
/// and a model would like every job that comes back better a little later still. So a delayed attempt gives a second row: the same outcome,
/// delay 0, live health of the time it was made. Bounded by the attempts under way at one time.
struct Returns {
    private struct Entry: Comparable {
        let labelled: LabelledAttempt
        let number: Int

        var time: Timestamp { labelled.attempt.decidedAt }

        static func < (one: Entry, other: Entry) -> Bool { (one.time, one.number) < (other.time, other.number) }
        static func == (one: Entry, other: Entry) -> Bool { one.number == other.number }
    }

    private var waiting = Heap<Entry>()
    private var count = 0

    /// Takes an attempt as it stands when it is due.
    mutating func add(_ labelled: LabelledAttempt) {
        waiting.insert(Entry(labelled: labelled, number: count))
        count += 1
    }

    /// The earliest before `time`, if any; of one time the one that was added first.
    mutating func next(before time: Timestamp) -> LabelledAttempt? {
        guard let next = waiting.min, next.time < time else { return nil }
        return waiting.removeMin().labelled
    }
}
