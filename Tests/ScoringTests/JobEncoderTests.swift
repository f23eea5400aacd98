import Scoring
import Testing

/// What is written is read back exactly.
struct JobEncoderTests {
    @Test func theCanonicalTextOfAJob() throws {
        #expect(
            String(decoding: JobEncoder.json(try JobFixture.job), as: UTF8.self)
                == #"{"job_id":"job-1","notification_id":"note-1","channel":"email","provider":"alpha","providers":["alpha","beta"],"#
                + #""recipient":"someone@example.com","recipient_country":"DE","template_type":"transactional","payload_size":2048,"#
                + #""created_at":"2026-03-04T05:00:00.000Z","send_time":"2026-03-04T05:06:07.500Z","#
                + #""expires_at":"2026-03-05T05:06:07.500Z","previous_attempts":1,"last_status":"soft_bounce","response_code":451,"#
                + #""latency_ms":812.5,"last_attempt_at":"2026-03-04T05:05:00.000Z"}"#)
    }

    @Test func whatIsAbsentIsLeftOut() throws {
        let job = Job(
            jobID: "j", notificationID: "n", channel: .push, provider: "p", recipientCountry: try JobFixture.country("XK"),
            templateType: .otp, payloadSize: 0, createdAt: Timestamp(milliseconds: 0), sendTime: Timestamp(milliseconds: 1))
        #expect(
            String(decoding: JobEncoder.json(job), as: UTF8.self)
                == #"{"job_id":"j","notification_id":"n","channel":"push","provider":"p","recipient_country":"XK","template_type":"otp","#
                + #""payload_size":0,"created_at":"1970-01-01T00:00:00.000Z","send_time":"1970-01-01T00:00:00.001Z","#
                + #""previous_attempts":0,"last_status":"none"}"#)
    }

    @Test func randomJobsAndOutcomesSurviveTheRoundTrip() throws {
        var decoder = JobDecoder()
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let job = try Self.job(using: &generator)
            #expect(try decoder.decode(JobEncoder.json(job).span) == job)
            let outcome = try Self.outcome(using: &generator)
            #expect(try decoder.decodeOutcome(JobEncoder.json(outcome).span) == outcome)
        }
    }

    private static func job(using generator: inout SeededGenerator) throws -> Job {
        Job(
            jobID: name(using: &generator), notificationID: name(using: &generator),
            channel: Channel.allCases.randomElement(using: &generator) ?? .email, provider: name(using: &generator),
            providers: (0..<Int.random(in: 0...16, using: &generator)).map { "\($0)\(name(using: &generator).prefix(20))" },
            recipient: Bool.random(using: &generator) ? name(using: &generator) : nil,
            recipientCountry: try JobFixture.country(["AD", "ZW", "QZ", "US"].randomElement(using: &generator) ?? "US"),
            templateType: TemplateType.allCases.randomElement(using: &generator) ?? .otp,
            payloadSize: Int.random(in: JobLimits.payloadSize, using: &generator), createdAt: time(using: &generator),
            sendTime: time(using: &generator), expiresAt: Bool.random(using: &generator) ? time(using: &generator) : nil,
            previousAttempts: Int.random(in: JobLimits.previousAttempts, using: &generator),
            lastStatus: DeliveryStatus.allCases.randomElement(using: &generator) ?? .none,
            responseCode: Bool.random(using: &generator) ? Int.random(in: JobLimits.responseCode, using: &generator) : nil,
            latencyMilliseconds: latency(using: &generator),
            lastAttemptAt: Bool.random(using: &generator) ? time(using: &generator) : nil)
    }

    private static func outcome(using generator: inout SeededGenerator) throws -> Outcome {
        Outcome(
            jobID: name(using: &generator), notificationID: name(using: &generator), provider: name(using: &generator),
            channel: Channel.allCases.randomElement(using: &generator) ?? .sms, recipientCountry: try JobFixture.country("JP"),
            templateType: TemplateType.allCases.randomElement(using: &generator) ?? .otp,
            status: DeliveryStatus.allCases.dropFirst().randomElement(using: &generator) ?? .delivered,
            responseCode: Bool.random(using: &generator) ? Int.random(in: JobLimits.responseCode, using: &generator) : nil,
            latencyMilliseconds: latency(using: &generator), attemptedAt: time(using: &generator), occurredAt: time(using: &generator))
    }

    /// 1 to 32 scalars of one to four bytes, those that need escapes among them.
    private static func name(using generator: inout SeededGenerator) -> String {
        let scalars: [Character] = ["a", "Z", "0", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "é", "€", "😀", "\u{2028}", " "]
        return String((0..<Int.random(in: 1...32, using: &generator)).map { _ in scalars.randomElement(using: &generator) ?? "a" })
    }

    private static func time(using generator: inout SeededGenerator) -> Timestamp {
        Timestamp(milliseconds: Int64.random(in: 0...253_402_300_799_999, using: &generator))
    }

    private static func latency(using generator: inout SeededGenerator) -> Double? {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: nil
        case 1: Double(Int.random(in: 0...60_000, using: &generator))
        case 2: Double.random(in: 0...1e-300, using: &generator)
        default: Double.random(in: JobLimits.latencyMilliseconds, using: &generator)
        }
    }
}
