import Scoring

/// What an evaluation found, ready to be written as JSON.
package struct EvaluationReport: Codable, Sendable {
    /// One policy over all seeds.
    package struct Entry: Codable, Sendable {
        package var policy: Contestant
        package var deliveredShare: Estimate
        /// Points per notification.
        package var utility: Estimate
        package var medianSecondsToDelivery: Estimate
        package var attemptsPerDelivery: Estimate
        /// Thousandths of a currency unit.
        package var pricePerDelivery: Estimate
        package var wastedRetriesPerThousand: Estimate
        package var recognisablyWastedPerThousand: Estimate
        package var peakLoad: Estimate
        package var recoveryLoad: Estimate
        package var throttledShare: Estimate
        /// (U − U of exponential) / (U of oracle − U of exponential), seed by seed; `nil` unless both were run and differ.
        package var gapClosed: Estimate?
        /// Length of a bucket of the series below.
        package var bucketSeconds: Double
        /// Share delivered before expiry by the time of creation, over all seeds; `nil` where nothing was created.
        package var deliveredOverTime: [Double?]
    }

    package var worldVersion: Int
    package var scenario: String
    package var notifications: Int
    package var days: Double
    package var seeds: [UInt64]
    package var policies: [Entry]

    init(configuration: ClosedLoop.Configuration, seeds: [UInt64], runs: [(contestant: Contestant, runs: [PolicyRun])]) {
        worldVersion = WorldParameters.version
        scenario = configuration.scenario.rawValue
        notifications = configuration.notifications
        days = configuration.days
        self.seeds = seeds
        func utilities(_ contestant: Contestant) -> [Double]? {
            runs.first { $0.contestant == contestant }?.runs.map(\.measures.utility)
        }
        let low = utilities(.exponential)
        let high = utilities(.oracle)
        policies = runs.map { contestant, runs in
            func estimate(_ path: (PolicyMeasures) -> Double) -> Estimate { Estimate(runs.map { path($0.measures) }) }
            var gap: Estimate?
            if let low, let high {
                let gaps = runs.indices.map { (runs[$0].measures.utility - low[$0]) / (high[$0] - low[$0]) }
                // Where exponential backoff and the oracle do equally well there is no gap to close.
                if gaps.allSatisfy(\.isFinite) { gap = Estimate(gaps) }
            }
            return Entry(
                policy: contestant, deliveredShare: estimate(\.deliveredShare), utility: estimate(\.utility),
                medianSecondsToDelivery: estimate(\.medianSecondsToDelivery), attemptsPerDelivery: estimate(\.attemptsPerDelivery),
                pricePerDelivery: estimate(\.pricePerDelivery), wastedRetriesPerThousand: estimate(\.wastedRetriesPerThousand),
                recognisablyWastedPerThousand: estimate(\.recognisablyWastedPerThousand),
                peakLoad: estimate(\.peakLoad), recoveryLoad: estimate(\.recoveryLoad),
                throttledShare: estimate(\.throttledShare), gapClosed: gap,
                bucketSeconds: runs.first?.bucketSeconds ?? 0, deliveredOverTime: Self.shares(runs))
        }
    }

    private static func shares(_ runs: [PolicyRun]) -> [Double?] {
        let count = runs.map(\.created.count).max() ?? 0
        return (0..<count).map { bucket in
            let created = runs.reduce(0) { $0 + (bucket < $1.created.count ? $1.created[bucket] : 0) }
            let delivered = runs.reduce(0) { $0 + (bucket < $1.delivered.count ? $1.delivered[bucket] : 0) }
            return created > 0 ? Double(delivered) / Double(created) : nil
        }
    }
}
