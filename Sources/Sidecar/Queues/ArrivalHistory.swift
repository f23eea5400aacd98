package import Broker

/// When how many messages had come into a first-in-first-out queue, so that the age of the oldest in it can be told without touching it.
///
/// The oldest message is the one behind all that have left: number departures + 1 of all that ever came. It came between the two samples
/// around that number; a straight line between them says when. So the age is true to the distance of two samples, and to how old the
/// broker's own figures are (its statistics are of the last five seconds).
///
/// At most `limit` samples: when they run out, every other one of the older half goes, so that what is long ago is told coarsely.
package struct ArrivalHistory: Equatable {
    private struct Sample: Equatable {
        var at: MonotonicTime
        /// Messages that had come by then.
        var arrivals: Int64
    }

    package static let limit = 1024

    private var samples: [Sample] = []

    package init() {}

    /// Samples kept.
    package var count: Int { samples.count }

    /// Adds a sample; times ascend.
    ///
    /// - Parameter arrivals: messages that have come so far, counted from anywhere. Where it is below what was known, messages left that
    ///   nobody counted, or figures were late: earlier samples then claim no more than this.
    package mutating func add(_ arrivals: Int64, at time: MonotonicTime) {
        var index = samples.count - 1
        while index >= 0, samples[index].arrivals > arrivals {
            samples[index].arrivals = arrivals
            index -= 1
        }
        // Of a stretch in which nothing came only its two ends say something.
        if samples.count >= 2, samples[samples.count - 1].arrivals == arrivals, samples[samples.count - 2].arrivals == arrivals {
            samples[samples.count - 1].at = time
        } else {
            samples.append(Sample(at: time, arrivals: arrivals))
        }
        if samples.count > Self.limit { thinOut() }
    }

    /// Forgets everything: the count began anew.
    package mutating func reset() {
        samples.removeAll(keepingCapacity: true)
    }

    /// Age of the oldest message; `nil` where it came before the first sample, or none is there.
    ///
    /// - Parameter departures: messages that have left so far, counted from where arrivals are.
    package func age(ofOldestBehind departures: Int64, at now: MonotonicTime) -> Duration? {
        let number = departures + 1
        guard let last = samples.last, number <= last.arrivals, let first = samples.first, number > first.arrivals else { return nil }
        var low = 0
        var high = samples.count - 1
        // samples[low] < number ≤ samples[high]
        while high - low > 1 {
            let middle = (low + high) / 2
            if samples[middle].arrivals < number { low = middle } else { high = middle }
        }
        let (before, after) = (samples[low], samples[high])
        let share = Double(number - before.arrivals) / Double(after.arrivals - before.arrivals)
        let came = before.at + (after.at - before.at) * share
        return max(.zero, now - came)
    }

    private mutating func thinOut() {
        let half = samples.count / 2
        let old = samples[..<half].enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        samples = old + samples[half...]
    }
}
