internal import Monitoring
internal import Scoring
internal import Store

/// The figures of an overview: decisions over time, and how deliveries went against the same hours of the day before.
package struct DecisionSummary: Encodable, Sendable {
    /// How the attempts of some hours went.
    package struct Deliveries: Encodable, Sendable {
        private let decisions: Int
        private let attempts: Int
        private let examined: Int
        private let known: Int
        private let delivered: Interval?
        private let onTime: Interval?
        private let medianSeconds: Double?
        private let costPerDelivery: Double?

        /// - Parameters:
        ///   - dispatched: attempts altogether, whether the sample has them all or not.
        ///   - parameters: what attempts cost.
        init(decisions: Int, dispatched: Int, _ sample: DeliverySample, parameters: PolicyParameters) {
            self.decisions = decisions
            attempts = dispatched
            examined = sample.attempts
            known = sample.known
            delivered = Interval(hits: sample.delivered, of: sample.known)
            onTime = Interval(hits: sample.onTime, of: sample.withDeadline)
            let middle = sample.seconds.count / 2
            medianSeconds =
                sample.seconds.isEmpty
                ? nil
                : sample.seconds.count % 2 == 1 ? sample.seconds[middle] : (sample.seconds[middle - 1] + sample.seconds[middle]) / 2
            let cost = sample.knownByChannel.reduce(0.0) { $0 + Double($1.value) * parameters.channels[$1.key].attemptCost }
            costPerDelivery = sample.delivered > 0 ? cost / Double(sample.delivered) : nil
        }

        private enum CodingKeys: String, CodingKey {
            case decisions
            case attempts
            case examined
            case known
            case delivered = "delivered_share"
            case onTime = "on_time_share"
            case medianSeconds = "median_time_to_delivery_s"
            case costPerDelivery = "cost_per_delivery"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(decisions, forKey: .decisions)
            try container.encode(attempts, forKey: .attempts)
            try container.encode(examined, forKey: .examined)
            try container.encode(known, forKey: .known)
            try container.encode(delivered, forKey: .delivered)
            try container.encode(onTime, forKey: .onTime)
            try container.encode(medianSeconds, forKey: .medianSeconds)
            try container.encode(costPerDelivery, forKey: .costPerDelivery)
        }
    }

    /// A stretch of time.
    private struct Stretch: Encodable {
        let at: String
        let decisions: Int
        let actions: [String: Int]
        let priorities: [String: Int]
        let channels: [String: Int]

        init(_ bucket: DecisionBucket) {
            at = bucket.at.rfc3339
            decisions = bucket.count
            actions = Self.all(bucket.actions)
            priorities = Self.all(bucket.priorities)
            channels = Self.all(bucket.channels)
        }

        /// With a 0 for each word that did not occur.
        private static func all<Word: CaseIterable & RawRepresentable & Hashable>(_ counts: [Word: Int]) -> [String: Int]
        where Word.RawValue == String {
            Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
        }
    }

    private let from: String
    private let to: String
    private let stepSeconds: Int
    private let buckets: [Stretch]
    private let period: Deliveries
    private let dayBefore: Deliveries

    init(_ range: Range<Timestamp>, step: Int, _ buckets: [DecisionBucket], period: Deliveries, dayBefore: Deliveries) {
        from = range.lowerBound.rfc3339
        to = range.upperBound.rfc3339
        stepSeconds = step
        self.buckets = buckets.map(Stretch.init)
        self.period = period
        self.dayBefore = dayBefore
    }

    private enum CodingKeys: String, CodingKey {
        case from
        case to
        case stepSeconds = "step_s"
        case buckets
        case period
        case dayBefore = "day_before"
    }
}
