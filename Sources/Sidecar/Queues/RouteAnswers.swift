internal import Scoring

/// One memory of live health in an answer; null = nothing is known.
struct HealthWindowAnswer: Encodable, Sendable {
    let window: HealthReading.Window

    private enum CodingKeys: String, CodingKey {
        case successRate = "success_rate"
        case throttleRate = "throttle_rate"
        case outcomes
        case latency = "latency_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.known(window.successRate), forKey: .successRate)
        try container.encode(Self.known(window.throttleRate), forKey: .throttleRate)
        try container.encode(Self.known(window.outcomes) ?? 0, forKey: .outcomes)
        try container.encode(Self.known(window.latencyMilliseconds), forKey: .latency)
    }

    static func known(_ value: Float) -> Double? {
        value.isFinite ? (Double(value) * 100_000).rounded() / 100_000 : nil
    }
}

/// A route in `GET /queues`: what live health, breaker and price say of it now.
struct RouteAnswer: Encodable, Sendable {
    let report: RouteReport
    let now: Timestamp
    let parameters: ControlParameters

    private enum CodingKeys: String, CodingKey {
        case provider
        case country
        case short
        case long
        case sinceSuccess = "since_success_s"
        case breaker
        case admittedShare = "admitted_share"
        case openedAt = "opened_at"
        case halfOpenAt = "half_open_at"
        case price
        case capacity = "capacity_per_s"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report.provider, forKey: .provider)
        try container.encode(report.country?.description, forKey: .country)
        try container.encode(HealthWindowAnswer(window: report.reading.short), forKey: .short)
        try container.encode(HealthWindowAnswer(window: report.reading.long), forKey: .long)
        try container.encode(HealthWindowAnswer.known(report.reading.sinceSuccessSeconds), forKey: .sinceSuccess)
        let breaker = report.control?.breaker
        try container.encode(breaker?.state(at: now), forKey: .breaker)
        try container.encode(breaker.map { QueueAnswer.rounded($0.admittedShare(at: now, parameters.breaker)) }, forKey: .admittedShare)
        // Of a closed breaker the last opening says nothing of now.
        let isOpen = breaker.map { !$0.isClosed } ?? false
        try container.encode(isOpen ? breaker?.openedAt : nil, forKey: .openedAt)
        try container.encode(isOpen ? breaker?.halfOpenAt : nil, forKey: .halfOpenAt)
        let price = report.control?.price
        try container.encode(price.map { QueueAnswer.rounded($0.points(at: now, parameters.price)) }, forKey: .price)
        try container.encode(price?.capacityPerSecond(at: now, parameters.price).map(QueueAnswer.rounded), forKey: .capacity)
    }
}

/// A destination in `GET /queues`.
struct DestinationAnswer: Encodable, Sendable {
    let report: DestinationReport

    private enum CodingKeys: String, CodingKey {
        case channel
        case country
        case short
        case long
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report.channel.rawValue, forKey: .channel)
        try container.encode(report.country.description, forKey: .country)
        try container.encode(HealthWindowAnswer(window: report.reading.short), forKey: .short)
        try container.encode(HealthWindowAnswer(window: report.reading.long), forKey: .long)
    }
}
