import Scoring

/// Campaigns and alarms: in some six-hour stretches, one channel gets several times the usual traffic for a while.
struct Bursts: Sendable {
    private static let cellMilliseconds: Int64 = 6 * 3_600_000

    /// One burst.
    struct Burst: Sendable {
        /// Additional traffic as a multiple of the mean.
        let factor: Double
        let channel: Channel
        let template: TemplateType
    }

    private let key: SeedKey
    private let chance: Double
    private let factor: Double
    private let minutes: ClosedRange<Double>

    init(key: SeedKey, parameters: WorldParameters) {
        self.key = key
        chance = parameters.burstChance
        factor = parameters.burstFactor
        minutes = parameters.burstMinutes
    }

    /// The burst at `time`, if there is one.
    func burst(at time: Timestamp) -> Burst? {
        let cell = time.milliseconds.divided(by: Self.cellMilliseconds)
        let draws = key[signed: cell]
        guard draws[0].uniform < chance else { return nil }
        let length = (minutes.lowerBound + draws[1].uniform * (minutes.upperBound - minutes.lowerBound)) * 60_000
        let start = draws[2].uniform * (Double(Self.cellMilliseconds) - length)
        let elapsed = Double(time.milliseconds - cell * Self.cellMilliseconds) - start
        guard elapsed >= 0, elapsed < length else { return nil }
        let channel = Channel.allCases[Int(draws[3].uniform * 3)]
        let size = 1.5 + draws[5].uniform * (factor - 1.5)
        return Burst(factor: size, channel: channel, template: draws[4].uniform < 0.7 ? .marketing : .alert)
    }
}
