import Scoring

/// How long an attempt takes until its outcome is known: log-normal around the provider's median, as network services are.
struct LatencyModel: Sendable {
    /// Brown-outs are felt in latency first.
    private static let brownOutStretch = 3.5

    private let deviation: Double

    init(parameters: WorldParameters) {
        deviation = parameters.latencyDeviation
    }

    /// Whole milliseconds of an attempt that was answered, in [1, timeout].
    func answered(by provider: Provider, isBrownedOut: Bool, waiting: Double, key: SeedKey) -> Int64 {
        let stretch = isBrownedOut ? Self.brownOutStretch : 1
        let network = provider.latencyMilliseconds * Exact.exp(deviation * key.normal) * stretch
        return Int64(max(1, min(network + waiting, provider.timeoutMilliseconds)))
    }

    /// Whole milliseconds of an attempt that was not answered.
    func unanswered(by provider: Provider, code: Int?, hold: Int64) -> Int64 {
        // Accepted without a receipt: the caller waits as long as the provider does.
        code == nil ? Int64(provider.timeoutMilliseconds) : max(Int64(provider.timeoutMilliseconds), hold)
    }
}
