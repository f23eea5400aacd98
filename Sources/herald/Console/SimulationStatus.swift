/// What `herald simulate traffic` shows once a second.
struct TrafficStatus: Codable, CustomStringConvertible {
    /// Jobs the broker has confirmed.
    var published: Int
    var jobsPerSecond: Double

    var description: String { "published \(published) jobs  \(Int(jobsPerSecond)) jobs/s" }
}

/// What `herald simulate providers` shows once a second.
struct ProvidersStatus: Codable, CustomStringConvertible {
    /// Attempts made: messages taken from the dispatch queues and acknowledged.
    var attempts = 0
    var delivered = 0
    /// Jobs enqueued again after a failure.
    var nextAttempts = 0
    var attemptsPerSecond = 0.0

    /// Share of attempts that succeeded; `nil` before the first.
    var successRate: Double? { attempts == 0 ? nil : Double(delivered) / Double(attempts) }

    var description: String {
        let rate = successRate.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
        return "\(attempts) attempts  \(Int(attemptsPerSecond))/s  delivered \(delivered) (\(rate))  enqueued again \(nextAttempts)"
    }
}
