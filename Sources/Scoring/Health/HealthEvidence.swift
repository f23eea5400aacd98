/// The outcomes of one key, each weighing 2^(−age / half-life), once with the short half-life and once with the long one.
///
/// Exponentially decayed counts (Cormode, Shkapenyuk, Srivastava and Xu, "Forward decay", ICDE 2009, section III): constant memory, and
/// ratios need no decay at all, since numerator and denominator fade alike.
struct HealthEvidence: Equatable, Codable {
    /// Decayed sums as of `at`.
    struct Sums: Equatable, Codable {
        var outcomes = 0.0
        var successes = 0.0
        var throttled = 0.0
        /// Outcomes that tell a latency, and the sum of their latencies.
        var timed = 0.0
        var latencyMilliseconds = 0.0

        mutating func fade(to remaining: Double) {
            outcomes *= remaining
            successes *= remaining
            throttled *= remaining
            timed *= remaining
            latencyMilliseconds *= remaining
        }

        mutating func add(_ outcome: HealthOutcome, weight: Double) {
            outcomes += weight
            if outcome.isSuccess { successes += weight }
            if outcome.isThrottled { throttled += weight }
            if let latency = outcome.latencyMilliseconds {
                timed += weight
                latencyMilliseconds += weight * latency
            }
        }

        private enum CodingKeys: String, CodingKey {
            case outcomes
            case successes
            case throttled
            case timed
            case latencyMilliseconds = "latency_ms"
        }
    }

    /// Time of the youngest outcome.
    private(set) var at: Timestamp
    private(set) var short = Sums()
    private(set) var long = Sums()
    /// Time of the youngest successful outcome; `nil` before the first.
    private(set) var lastSuccessAt: Timestamp?

    init(at: Timestamp) {
        self.at = at
    }

    /// Adds an outcome; one that is older than the youngest counts for what it would weigh by now.
    mutating func add(_ outcome: HealthOutcome) {
        let age = outcome.occurredAt - at
        if age >= 0 {
            short.fade(to: HealthWindow.short.remaining(after: age))
            long.fade(to: HealthWindow.long.remaining(after: age))
            at = outcome.occurredAt
            short.add(outcome, weight: 1)
            long.add(outcome, weight: 1)
        } else {
            short.add(outcome, weight: HealthWindow.short.remaining(after: -age))
            long.add(outcome, weight: HealthWindow.long.remaining(after: -age))
        }
        if outcome.isSuccess { lastSuccessAt = max(lastSuccessAt ?? outcome.occurredAt, outcome.occurredAt) }
    }

    /// What the evidence says at `now`.
    func reading(at now: Timestamp) -> HealthReading {
        let age = max(0, now - at)
        return HealthReading(
            short: HealthReading.Window(short, remaining: HealthWindow.short.remaining(after: age)),
            long: HealthReading.Window(long, remaining: HealthWindow.long.remaining(after: age)),
            sinceSuccessSeconds: lastSuccessAt.map { Float(Double(max(0, now - $0)) / 1000) } ?? .nan)
    }

    private enum CodingKeys: String, CodingKey {
        case at
        case short
        case long
        case lastSuccessAt = "last_success_at"
    }
}
