package import Broker

/// The samples of one queue from which rates and age are told; bounded.
package struct QueueHistory {
    /// Rates are over this time, or what there is of it.
    package static let window = Duration.seconds(30)
    /// Less than this says nothing.
    private static let shortestWindow = Duration.seconds(4)
    private static let limit = 64

    private let kind: HeraldQueue.Kind
    private var depths: [(at: MonotonicTime, depth: Int)] = []
    private var counts: [(at: MonotonicTime, counts: QueueCounts)] = []
    private var arrivals = ArrivalHistory()

    package init(kind: HeraldQueue.Kind) {
        self.kind = kind
    }

    package mutating func add(depth: Int, at time: MonotonicTime) {
        depths.append((time, depth))
        if depths.count > Self.limit { depths.removeFirst(depths.count - Self.limit) }
    }

    package mutating func add(_ new: QueueCounts, at time: MonotonicTime) {
        if let last = counts.last?.counts,
            new.published < last.published || new.delivered < last.delivered || new.acknowledged < last.acknowledged
        {
            // The broker began to count anew.
            counts.removeAll(keepingCapacity: true)
            arrivals.reset()
        }
        counts.append((time, new))
        if counts.count > Self.limit { counts.removeFirst(counts.count - Self.limit) }
        if let messages = new.messages { arrivals.add(departures(new, messages) + messages, at: time) }
    }

    /// What is known was of another broker's life.
    package mutating func forgetCounts() {
        counts.removeAll(keepingCapacity: true)
        arrivals.reset()
    }

    /// Messages that have left.
    ///
    /// A retry queue's leave by their time and are not counted then, but all that comes into one is published, and
    /// is; into others the broker itself puts dead letters, which it does not count, but what leaves them is acknowledged.
    private func departures(_ counts: QueueCounts, _ messages: Int64) -> Int64 {
        kind == .retry ? counts.published - messages : counts.acknowledged
    }

    /// Age of the oldest message, seconds; `nil` where that is not known, where there is none, and of a stream, which nothing leaves.
    package func age(at now: MonotonicTime) -> Double? {
        guard kind != .outcomesRecent, let last = counts.last?.counts, let messages = last.messages, messages > 0 else { return nil }
        return arrivals.age(ofOldestBehind: departures(last, messages), at: now).map { $0 / .seconds(1) }
    }

    /// `nil` before there is enough to tell.
    package func rates() -> QueueRates? {
        let net = Self.span(depths.map(\.at)).map { first, seconds in
            (Double(depths[depths.count - 1].depth - depths[first].depth) / seconds, seconds)
        }
        guard let (first, seconds) = Self.span(counts.map(\.at)) else {
            return net.map { QueueRates(net: $0, window: $1) }
        }
        let (then, now) = (counts[first].counts, counts[counts.count - 1].counts)
        return QueueRates(
            published: Double(now.published - then.published) / seconds, delivered: Double(now.delivered - then.delivered) / seconds,
            acknowledged: Double(now.acknowledged - then.acknowledged) / seconds, net: net?.0, window: seconds)
    }

    /// The first sample of the window that ends with the last, and the seconds between the two.
    private static func span(_ times: [MonotonicTime]) -> (first: Int, seconds: Double)? {
        guard let last = times.last, let first = times.firstIndex(where: { last - $0 <= window }) else { return nil }
        let length = last - times[first]
        return length >= shortestWindow ? (first, length / .seconds(1)) : nil
    }
}
