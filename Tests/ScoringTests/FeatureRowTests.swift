import Scoring
import Testing

/// Rows that were worked out by hand, and rows that have to be equal.
struct FeatureRowTests {
    /// NaN is equal to NaN here: what counts is the bits.
    private func expect(_ row: [Float], _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let names = try ModelFixture.schema.names
        for (index, name) in names.enumerated() {
            #expect(
                row[index].bitPattern == expected[index].bitPattern, "\(name) is \(row[index]), not \(expected[index])",
                sourceLocation: sourceLocation)
        }
        #expect(row.count == expected.count, sourceLocation: sourceLocation)
    }

    /// The columns of live health where nothing is known: counts are 0, all else is missing.
    private static let unknownHealth: [Float] =
        Array(repeating: [Float.nan, 0, .nan, .nan], count: 8).flatMap(\.self) + [.nan, .nan]

    private func row(
        _ job: Job, _ action: CandidateAction, at decidedAt: Timestamp, health: LiveHealth = LiveHealth()
    ) throws -> [Float] {
        let schema = try ModelFixture.schema
        var row = [Float](repeating: -1, count: schema.featureCount)
        var span = row.mutableSpan
        schema.row(job: job, action: action, decidedAt: decidedAt, health: health, into: &span)
        return row
    }

    @Test func aRetryThroughAnotherProvider() throws {
        // Decided at 05:06:10 on a Wednesday, attempted an hour later, at 06:06:10 = 6 + 370 / 3600 h.
        let row = try row(
            JobFixture.job, CandidateAction(delayMilliseconds: 3_600_000, providerIndex: 1), at: JobFixture.time("2026-03-04T05:06:10Z"))
        try expect(
            row,
            [0, 1, 0, 1, 2048, 1, 2, 451, 1, 812.5, 3600, 3670, 3970, 82_797.5, Float(21_970.0 / 3600), Float(25_570.0 / 3600), 2, 0]
                + Self.unknownHealth)
    }

    @Test func aFirstAttemptNowWithEverythingOptionalMissing() throws {
        // 2026-03-08 is a Sunday; the last second of the day, with a fraction that does not count for the hour.
        let created = try JobFixture.time("2026-03-08T23:59:50Z")
        let job = Job(
            jobID: "j", notificationID: "n", channel: .push, provider: "gamma", recipientCountry: try JobFixture.country("US"),
            templateType: .marketing, payloadSize: 0, createdAt: created, sendTime: created)
        let row = try row(job, CandidateAction(delayMilliseconds: 0, providerIndex: 0), at: JobFixture.time("2026-03-08T23:59:59.999Z"))
        let missing = Float.nan
        try expect(
            row,
            [
                2, missing, missing, 3, 0, 0, 0, missing, missing, missing, 0, missing, 9.999, missing, Float(86_399.0 / 3600),
                Float(68_399.0 / 3600), 6,
                missing,
            ] + Self.unknownHealth)
    }

    @Test func thePastAndTheExpiredAreNegative() throws {
        var job = try JobFixture.job
        job.recipientCountry = try JobFixture.country("FR")
        job.channel = .sms
        job.responseCode = 404
        job.lastStatus = .unregistered
        // Monday 00:00, before the last attempt and the creation of the job, after its expiry.
        job.expiresAt = try JobFixture.time("2026-03-01T23:59:59Z")
        let row = try row(job, CandidateAction(delayMilliseconds: 0, providerIndex: 0), at: JobFixture.time("2026-03-02T00:00:00Z"))
        try expect(row, [1, 0, 1, 1, 2048, 1, 7, 404, 4, 812.5, 0, -191_100, -190_800, -1, 0, 1, 0, 1] + Self.unknownHealth)
    }

    @Test func vocabulariesMatchTheOrderOfTheCases() throws {
        let now = try JobFixture.time("2026-03-02T00:00:00Z")
        var job = try JobFixture.job
        let names = try ModelFixture.schema.names
        let action = CandidateAction(delayMilliseconds: 0, providerIndex: 0)
        func value(_ name: String) throws -> Float { try row(job, action, at: now)[names.firstIndex(of: name) ?? 0] }
        for (index, channel) in Channel.allCases.enumerated() {
            job.channel = channel
            #expect(try value("channel") == Float(index))
        }
        for (index, type) in TemplateType.allCases.enumerated() {
            job.templateType = type
            #expect(try value("template_type") == Float(index))
        }
        for (index, status) in DeliveryStatus.allCases.enumerated() {
            job.lastStatus = status
            #expect(try value("last_status") == Float(index))
        }
        job.channel = .email
        for (code, responseClass) in [(250, ResponseClass.accepted), (451, .transient), (421, .route), (550, .unknown), (556, .permanent)] {
            job.responseCode = code
            #expect(try value("response_class") == ResponseClass.allCases.firstIndex(of: responseClass).map { Float($0) })
        }
    }
}
