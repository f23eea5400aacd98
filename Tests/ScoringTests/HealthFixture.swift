import Scoring

/// Outcomes for live health.
enum HealthFixture {
    static let columnNames = ["provider", "provider_country", "provider_template", "channel_country"].flatMap { scope in
        ["short", "long"].flatMap { window in
            ["success_rate", "outcomes", "latency_ms", "throttle_rate"].map { "\(scope)_\($0)_\(window)" }
        }
    }

    static func outcome(
        _ number: Int, _ status: DeliveryStatus, provider: String = "alpha", country: String = "DE", channel: Channel = .email,
        template: TemplateType = .transactional, latency: Double? = 100, at time: Timestamp
    ) throws -> Outcome {
        Outcome(
            jobID: "job-\(number)", notificationID: "note-\(number)", provider: provider, channel: channel,
            recipientCountry: try JobFixture.country(country), templateType: template, status: status, responseCode: nil,
            latencyMilliseconds: latency, attemptedAt: time, occurredAt: time)
    }

    /// Many random outcomes of the two days before `end`, none later than the tolerance allows to count at `end`.
    static func outcomes(_ count: Int, before end: Timestamp, seed: UInt64 = 1) throws -> [Outcome] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { number in
            try outcome(
                number, [.delivered, .delivered, .delivered, .throttled, .timeout, .softBounce].randomElement(using: &generator) ?? .none,
                provider: ["alpha", "beta", "gamma"].randomElement(using: &generator) ?? "",
                country: ["DE", "FR", "US"].randomElement(using: &generator) ?? "",
                channel: Channel.allCases.randomElement(using: &generator) ?? .email,
                template: TemplateType.allCases.randomElement(using: &generator) ?? .otp,
                latency: Bool.random(using: &generator) ? Double.random(in: 1...30_000, using: &generator) : nil,
                at: end + -Int64.random(in: 0...172_800_000, using: &generator))
        }
    }

    /// Live health that knows something of every provider of the fixtures.
    static func health(at now: Timestamp) throws -> LiveHealth {
        var health = LiveHealth()
        for outcome in try outcomes(2000, before: now) { health.observe(outcome) }
        health.advance(to: now)
        return health
    }
}
