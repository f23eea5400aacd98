internal import Foundation
package import Scoring
package import Store
internal import Synchronization

/// Makes summaries, and keeps what it has counted: an overview that many look at costs the database what one does.
///
/// Its calls block, so none belongs on the cooperative pool.
package final class SummaryDesk: Sendable {
    /// A stretch of time of some length.
    private struct Stretch: Hashable {
        var at: Int64
        var step: Int
    }

    private struct Kept<Value: Sendable>: Sendable {
        var value: Value
        var until: ContinuousClock.Instant
    }

    private struct Storage {
        var buckets: [Stretch: Kept<DecisionBucket>] = [:]
        var samples: [Range<Int64>: Kept<DeliverySample>] = [:]
    }

    /// What is still happening is counted again after this.
    private static let freshness = Duration.seconds(5)
    /// What is over can still change: records wait in the spool while the database is away, and outcomes come late.
    private static let settledFreshness = Duration.seconds(300)
    /// How long a stretch of time must be over.
    private static let settling: Int64 = 120_000
    /// Bounds of what is kept.
    private static let mostBuckets = 5000
    private static let mostSamples = 64

    private let database: Database
    private let parameters: @Sendable () -> PolicyParameters
    private let storage = Mutex(Storage())
    /// One summary is made at a time; who comes meanwhile finds most of it made.
    private let counting = NSLock()

    /// - Parameter parameters: of the champion: what attempts cost.
    package init(_ database: Database, parameters: @escaping @Sendable () -> PolicyParameters) {
        self.database = database
        self.parameters = parameters
    }

    /// - Parameter query: whole steps, so that summaries share what was counted.
    /// - Throws: `Problem` (timeout) where the database took too long, `StoreError`.
    package func summary(_ query: SummaryQuery, now: Timestamp) throws -> DecisionSummary {
        guard counting.lock(before: Date(timeIntervalSinceNow: 8)) else {
            throw Problem(.timeout, "another summary is being made and takes long; try again", retryAfter: 5)
        }
        defer { counting.unlock() }
        let before =
            Timestamp(
                milliseconds: query.range.lowerBound.milliseconds - 86_400_000)..<Timestamp(
                milliseconds: query.range.upperBound.milliseconds - 86_400_000)
        do {
            let buckets = try buckets(query.range, step: query.step, now: now)
            let earlier = try self.buckets(before, step: query.step, now: now)
            return DecisionSummary(
                query.range, step: query.step, buckets, period: try deliveries(query.range, buckets, now: now),
                dayBefore: try deliveries(before, earlier, now: now))
        } catch let error as StoreError where error.isTimeLimit {
            throw Problem(
                .timeout, "so many decisions take the database too long; what is counted is kept: try again, or ask for a shorter time",
                retryAfter: 1)
        }
    }

    private func deliveries(_ range: Range<Timestamp>, _ buckets: [DecisionBucket], now: Timestamp) throws -> DecisionSummary.Deliveries {
        let dispatched = buckets.reduce(0) { $0 + ($1.actions[.dispatch] ?? 0) }
        let key = range.lowerBound.milliseconds..<range.upperBound.milliseconds
        let kept = storage.withLock { $0.samples[key].flatMap { $0.until > .now ? $0.value : nil } }
        let sample = try kept ?? database.deliveries(range, of: dispatched)
        if kept == nil {
            storage.withLock { storage in
                if storage.samples.count >= Self.mostSamples { storage.samples = [:] }
                storage.samples[key] = Kept(value: sample, until: expiry(range.upperBound, now))
            }
        }
        return DecisionSummary.Deliveries(
            decisions: buckets.reduce(0) { $0 + $1.count }, dispatched: dispatched, sample, parameters: parameters())
    }

    private func buckets(_ range: Range<Timestamp>, step: Int, now: Timestamp) throws -> [DecisionBucket] {
        let length = Int64(step) * 1000
        var result: [DecisionBucket] = []
        var missing: Int64?
        func count(to end: Int64) throws {
            guard let start = missing else { return }
            missing = nil
            // Some at a time, so that what a time limit breaks off is little.
            let most = 48 * length
            for first in stride(from: start, to: end, by: Int(most)) {
                let part = Timestamp(milliseconds: first)..<Timestamp(milliseconds: min(first + most, end))
                let counted = try database.decisionBuckets(part, step: step)
                keep(counted, step: step, now)
                result += counted
            }
        }
        for at in stride(from: range.lowerBound.milliseconds, to: range.upperBound.milliseconds, by: Int(length)) {
            let found = storage.withLock { $0.buckets[Stretch(at: at, step: step)].flatMap { $0.until > .now ? $0.value : nil } }
            if let found {
                try count(to: at)
                result.append(found)
            } else if missing == nil {
                missing = at
            }
        }
        try count(to: range.upperBound.milliseconds)
        return result
    }

    private func keep(_ buckets: [DecisionBucket], step: Int, _ now: Timestamp) {
        storage.withLock { storage in
            if storage.buckets.count + buckets.count > Self.mostBuckets { storage.buckets = [:] }
            for bucket in buckets {
                let end = Timestamp(milliseconds: bucket.at.milliseconds + Int64(step) * 1000)
                storage.buckets[Stretch(at: bucket.at.milliseconds, step: step)] = Kept(value: bucket, until: expiry(end, now))
            }
        }
    }

    private func expiry(_ end: Timestamp, _ now: Timestamp) -> ContinuousClock.Instant {
        .now + (end.milliseconds + Self.settling < now.milliseconds ? Self.settledFreshness : Self.freshness)
    }
}

/// The parameters of `GET /decisions/summary`, checked.
package struct SummaryQuery: Equatable, Sendable {
    /// From and to whole steps since 1970.
    package let range: Range<Timestamp>
    /// Seconds.
    package let step: Int

    package static let steps = 60...86_400
    package static let longestSeconds = 31 * 86_400
    package static let mostBuckets = 1500

    /// - Throws: `Problem` naming the parameter.
    package init(from: Timestamp?, to: Timestamp?, step: Int?, now: Timestamp) throws(Problem) {
        let end = to ?? now
        let start = from ?? Timestamp(milliseconds: max(0, end.milliseconds - 86_400_000))
        guard start < end else { throw Problem(.invalidParameter, "from must be before to", field: "from") }
        let seconds = (end.milliseconds - start.milliseconds + 999) / 1000
        guard seconds <= Int64(Self.longestSeconds) else {
            throw Problem(.invalidParameter, "from and to may be 31 days apart at most", field: "from")
        }
        let chosen = step ?? Self.defaultStep(Int(seconds))
        let length = Int64(chosen) * 1000
        let first = start.milliseconds / length * length
        let last = (end.milliseconds + length - 1) / length * length
        guard (last - first) / length <= Int64(Self.mostBuckets) else {
            throw Problem(.invalidParameter, "step must be longer: there are \(Self.mostBuckets) steps at most", field: "step")
        }
        self.step = chosen
        range = Timestamp(milliseconds: first)..<Timestamp(milliseconds: last)
    }

    /// About a hundred of a round length.
    private static func defaultStep(_ seconds: Int) -> Int {
        [60, 300, 900, 3600, 10_800, 21_600].first { seconds / $0 <= 120 } ?? 86_400
    }
}
