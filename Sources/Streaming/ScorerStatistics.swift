internal import Histogram
internal import Scoring
internal import Synchronization

/// What a scorer has done since it started.
package final class ScorerStatistics: Sendable {
    /// The figures at one moment.
    package struct Snapshot: Sendable, Codable {
        /// Jobs decided, and messages quarantined.
        package var decided = 0
        package var quarantined = 0
        package var dispatched = 0
        package var delayed = 0
        package var undeliverable = 0
        /// Of the decided, those that the rules decided: without a model, or because it took too long.
        package var rules = 0
        /// Decisions by priority; those that gave up are in none of these.
        package var high = 0
        package var normal = 0
        package var low = 0
        /// Outcomes taken for the log.
        package var outcomes = 0
        /// Outcomes that live health counts, and those it could not.
        package var healthCounted = 0
        package var healthDropped = 0
        /// Real milliseconds from a job's due time to its decision, for jobs decided for the first time; median and 99th percentile.
        package var lagMedianMilliseconds = 0
        package var lagP99Milliseconds = 0
    }

    private struct Storage: ~Copyable {
        var counts = Snapshot()
        var lag = Histogram<UInt32>(lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000, numberOfSignificantValueDigits: .two)
    }

    private let storage = Mutex(Storage())
    private let speed: Int64

    /// - Parameter speed: simulated milliseconds in a real one.
    package init(speed: Int = 1) {
        self.speed = Int64(speed)
    }

    package var snapshot: Snapshot {
        storage.withLock { storage in
            var snapshot = storage.counts
            snapshot.lagMedianMilliseconds = Int(storage.lag.valueAtPercentile(50))
            snapshot.lagP99Milliseconds = Int(storage.lag.valueAtPercentile(99))
            return snapshot
        }
    }

    func record(_ batch: DecodedBatch<PendingJob>, _ decisions: [Decision]) {
        storage.withLock { storage in
            storage.counts.quarantined += batch.defects.count
            for (pending, decision) in zip(batch.messages, decisions) {
                storage.counts.add(decision)
                if pending.previous == nil {
                    let lag = max(0, decision.decidedAt - pending.job.sendTime) / speed
                    storage.lag.record(UInt64(min(lag, 3_600_000)))
                }
            }
        }
    }

    func recordHealth(_ counts: LiveHealth.Counts) {
        storage.withLock { storage in
            storage.counts.healthCounted = counts.counted
            storage.counts.healthDropped = counts.dropped
        }
    }

    func recordOutcomes(_ count: Int, malformed: Int) {
        storage.withLock { storage in
            storage.counts.outcomes += count
            storage.counts.quarantined += malformed
        }
    }
}

extension ScorerStatistics.Snapshot {
    fileprivate mutating func add(_ decision: Decision) {
        decided += 1
        if decision.policy == "rules" { rules += 1 }
        switch decision.kind {
        case .dispatch: dispatched += 1
        case .retry: delayed += 1
        case .giveUp: undeliverable += 1
        }
        guard decision.kind != .giveUp else { return }
        switch decision.priority {
        case .high: high += 1
        case .normal: normal += 1
        case .low: low += 1
        }
    }
}
