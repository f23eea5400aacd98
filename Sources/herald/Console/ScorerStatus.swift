import Streaming

/// What `herald score` shows once a second.
struct ScorerStatus: Codable, CustomStringConvertible {
    /// Decisions a second since the line before.
    var jobsPerSecond: Double
    var counts: ScorerStatistics.Snapshot
    var health: ScoringService.Health
    /// Version in use; `none` = the rule policy.
    var model: String

    var description: String {
        let state = health.isConsuming ? (health.isDatabaseAvailable ? "" : "  DATABASE AWAY") : "  BROKER AWAY"
        return "\(Int(jobsPerSecond)) jobs/s  decided \(counts.decided)  dispatched \(counts.dispatched)  delayed \(counts.delayed)"
            + "  undeliverable \(counts.undeliverable)  quarantined \(counts.quarantined)"
            + "  lag p50 \(counts.lagMedianMilliseconds) ms p99 \(counts.lagP99Milliseconds) ms  in flight \(health.inFlight)  model \(model)\(state)"
    }
}
