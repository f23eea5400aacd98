import Scoring
import Store
import Testing

@Suite struct DatabaseHealthTests {
    /// Live health after one outcome, as of `seconds` after it.
    private func health(seconds: Int64) throws -> LiveHealth {
        var health = LiveHealth()
        let country = try #require(CountryCode("DE"))
        health.observe(
            Outcome(
                jobID: "j", notificationID: "n", provider: "alpha", channel: .sms, recipientCountry: country, templateType: .otp,
                status: .delivered, responseCode: 250, latencyMilliseconds: 120, attemptedAt: Timestamp(milliseconds: year2100),
                occurredAt: Timestamp(milliseconds: year2100 + 120)))
        health.advance(to: Timestamp(milliseconds: year2100 + seconds * 1000))
        return health
    }

    @Test("Live health comes back as it was saved, and the later state of two scorers stays")
    func laterStays() throws {
        try withDatabase("health") { database throws in
            #expect(try database.liveHealth("queues") == nil)
            let (early, late) = (try health(seconds: 60).snapshot(), try health(seconds: 120).snapshot())
            try database.save(late, as: "queues")
            #expect(try database.liveHealth("queues") == late)
            try database.save(early, as: "queues")
            #expect(try database.liveHealth("queues") == late)
            let latest = try health(seconds: 180).snapshot()
            try database.save(latest, as: "queues")
            #expect(try database.liveHealth("queues") == latest)
            #expect(try database.liveHealth("others") == nil)
        }
    }
}
