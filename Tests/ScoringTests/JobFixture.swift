import Scoring

/// A valid job and a valid outcome, as values and as messages whose fields can be exchanged.
enum JobFixture {
    static let fields: [(name: String, json: String)] = [
        ("job_id", #""job-1""#),
        ("notification_id", #""note-1""#),
        ("channel", #""email""#),
        ("provider", #""alpha""#),
        ("providers", #"["alpha","beta"]"#),
        ("recipient", #""someone@example.com""#),
        ("recipient_country", #""DE""#),
        ("template_type", #""transactional""#),
        ("payload_size", "2048"),
        ("created_at", #""2026-03-04T05:00:00Z""#),
        ("send_time", #""2026-03-04T05:06:07.5Z""#),
        ("expires_at", #""2026-03-05T05:06:07.5Z""#),
        ("previous_attempts", "1"),
        ("last_status", #""soft_bounce""#),
        ("response_code", "451"),
        ("latency_ms", "812.5"),
        ("last_attempt_at", #""2026-03-04T05:05:00Z""#),
    ]

    static let outcomeFields: [(name: String, json: String)] = [
        ("job_id", #""job-1""#),
        ("notification_id", #""note-1""#),
        ("provider", #""alpha""#),
        ("channel", #""sms""#),
        ("recipient_country", #""FR""#),
        ("template_type", #""otp""#),
        ("status", #""timeout""#),
        ("response_code", "504"),
        ("latency_ms", "30000"),
        ("attempted_at", #""2026-03-04T05:06:07Z""#),
        ("occurred_at", #""2026-03-04T05:06:37Z""#),
    ]

    /// The message with one field exchanged, or left out where `json` is `nil`, or added where it is not there.
    static func message(
        _ fields: [(name: String, json: String)] = fields, with name: String? = nil, _ json: String? = nil
    ) -> [UInt8] {
        var members = fields.compactMap { field in
            if field.name != name { return "\"\(field.name)\":\(field.json)" }
            return json.map { "\"\(field.name)\":\($0)" }
        }
        if let name, let json, !fields.contains(where: { $0.name == name }) { members.append("\"\(name)\":\(json)") }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    /// The job of `fields`.
    static var job: Job {
        get throws {
            Job(
                jobID: "job-1", notificationID: "note-1", channel: .email, provider: "alpha", providers: ["alpha", "beta"],
                recipient: "someone@example.com", recipientCountry: try country("DE"), templateType: .transactional,
                payloadSize: 2048, createdAt: try time("2026-03-04T05:00:00Z"), sendTime: try time("2026-03-04T05:06:07.5Z"),
                expiresAt: try time("2026-03-05T05:06:07.5Z"), previousAttempts: 1, lastStatus: .softBounce, responseCode: 451,
                latencyMilliseconds: 812.5, lastAttemptAt: try time("2026-03-04T05:05:00Z"))
        }
    }

    /// A first attempt that is due at `now`.
    static func firstAttempt(_ id: String = "job-1", _ template: TemplateType = .transactional, at now: Timestamp) throws -> Job {
        Job(
            jobID: id, notificationID: "note-\(id)", channel: .email, provider: "alpha", providers: ["alpha", "beta"],
            recipientCountry: try country("DE"), templateType: template, payloadSize: 100, createdAt: now, sendTime: now)
    }

    static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else { throw FixtureError(text: text) }
        return time
    }

    static func country(_ text: String) throws -> CountryCode {
        guard let country = CountryCode(text) else { throw FixtureError(text: text) }
        return country
    }
}

/// A fixture that does not say what it should.
struct FixtureError: Error {
    let text: String
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
