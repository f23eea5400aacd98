import Scoring
import Testing

/// Live health against sums that are worked out outcome by outcome.
struct LiveHealthTests {
    private let now = Timestamp(milliseconds: 1_772_600_000_000)

    private func route(_ health: LiveHealth, _ provider: String = "alpha", at time: Timestamp) throws -> RouteHealth {
        health.route(provider, into: try JobFixture.country("DE"), with: .transactional, at: time)
    }

    /// 2^(−x), from the definition.
    private func half(_ x: Double) -> Double {
        var whole = x
        var result = 1.0
        while whole >= 1 {
            result /= 2
            whole -= 1
        }
        // e^(−w ln 2) by its series.
        var term = 1.0
        var sum = 1.0
        for n in 1...30 {
            term *= -whole * 0.693_147_180_559_945_3 / Double(n)
            sum += term
        }
        return result * sum
    }

    @Test func ratesAndCountsAreThoseOfTheDecayedOutcomes() throws {
        let outcomes = try HealthFixture.outcomes(3000, before: now + -10_000)
        var health = LiveHealth()
        for outcome in outcomes { health.observe(outcome) }
        health.advance(to: now)
        let country = try JobFixture.country("DE")
        func check(_ reading: HealthReading, _ belongs: (Outcome) -> Bool) {
            for window in HealthWindow.allCases {
                var (all, delivered, throttled, timed, latency) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for outcome in outcomes where belongs(outcome) {
                    let weight = half(Double(now - outcome.occurredAt) / Double(window.halfLifeMilliseconds))
                    all += weight
                    delivered += outcome.status == .delivered ? weight : 0
                    throttled += outcome.status == .throttled ? weight : 0
                    if outcome.status != .timeout, let milliseconds = outcome.latencyMilliseconds {
                        timed += weight
                        latency += weight * milliseconds
                    }
                }
                let found = window == .short ? reading.short : reading.long
                #expect(abs(Double(found.outcomes) - all) <= 1e-5 * all)
                #expect(abs(Double(found.successRate) - delivered / all) < 1e-5)
                #expect(abs(Double(found.throttleRate) - throttled / all) < 1e-5)
                #expect(abs(Double(found.latencyMilliseconds) - latency / timed) < 1e-5 * latency / timed)
            }
            let last = outcomes.filter { belongs($0) && $0.status == .delivered }.map(\.occurredAt).max()
            #expect(last.map { Float(Double(now - $0) / 1000) } == reading.sinceSuccessSeconds)
        }
        let route = try route(health, at: now)
        check(route.provider) { $0.provider == "alpha" }
        check(route.providerCountry) { $0.provider == "alpha" && $0.recipientCountry == country }
        check(route.providerTemplate) { $0.provider == "alpha" && $0.templateType == .transactional }
        check(health.destination(.sms, into: country, at: now)) { $0.channel == .sms && $0.recipientCountry == country }
    }

    @Test func anyOrderAndEveryDuplicateWithinTheToleranceGiveTheSameBits() throws {
        let outcomes = try HealthFixture.outcomes(2000, before: now)
        var straight = LiveHealth()
        for outcome in outcomes { straight.observe(outcome) }
        straight.advance(to: now + 5000)
        var generator = SeededGenerator(seed: 7)
        var mixed = LiveHealth()
        // Decisions in between, each outcome up to the tolerance late, some twice.
        let arrivals = outcomes.flatMap { outcome in
            (0...Int.random(in: 0...1, using: &generator)).map { _ in
                (at: outcome.occurredAt + Int64.random(in: 0...4999, using: &generator), outcome: outcome)
            }
        }.sorted { $0.at < $1.at }
        for (at, outcome) in arrivals {
            mixed.advance(to: at)
            mixed.observe(outcome)
        }
        mixed.advance(to: now + 5000)
        #expect(mixed.counts.late == 0)
        #expect(mixed.counts.duplicate == arrivals.count - outcomes.count)
        #expect(mixed.snapshot() == straight.snapshot())
    }

    @Test func anOutcomeCountsFiveSecondsAfterItOccurred() throws {
        var health = LiveHealth()
        health.observe(try HealthFixture.outcome(1, .delivered, at: now))
        health.advance(to: now + 4999)
        #expect(try route(health, at: now + 4999).provider.short.outcomes == 0)
        health.advance(to: now + 5000)
        #expect(try route(health, at: now + 5000).provider.short.outcomes > 0.99)
    }

    @Test func aLateOutcomeCountsWithWhatItsAgeLeaves() throws {
        let first = try HealthFixture.outcome(1, .delivered, at: now)
        let late = try HealthFixture.outcome(2, .throttled, at: now + -1_200_000)
        var health = LiveHealth()
        health.observe(first)
        health.advance(to: now + 5000)
        health.observe(late)
        #expect(health.counts.late == 1)
        let reading = try route(health, at: now).provider.short
        // One half-life of the short window older: half the weight.
        #expect(abs(reading.outcomes - 1.5) < 1e-6)
        #expect(abs(reading.throttleRate - 0.5 / 1.5) < 1e-6)
        // Weeks late or days ahead: a clock is wrong, and nothing is counted.
        health.observe(try HealthFixture.outcome(3, .delivered, at: now + -31 * 86_400_000))
        health.observe(try HealthFixture.outcome(4, .delivered, at: now + 2 * 86_400_000))
        #expect(health.counts.dropped == 2)
        #expect(health.counts.counted == 2)
    }

    @Test func whatHasNoEvidenceFallsBackToItsParent() throws {
        var health = LiveHealth()
        for number in 0..<10 {
            health.observe(try HealthFixture.outcome(number, number < 7 ? .delivered : .timeout, country: "FR", template: .otp, at: now))
        }
        health.advance(to: now + 5000)
        let route = try route(health, at: now + 5000)
        #expect(abs(route.provider.long.successRate - 0.7) < 1e-6)
        #expect(route.providerCountry.long.successRate == route.provider.long.successRate)
        #expect(route.providerCountry.long.outcomes == 0)
        #expect(route.providerTemplate.short.latencyMilliseconds == 100)
        #expect(route.providerTemplate.short.outcomes == 0)
        let unknown = try self.route(health, "nobody", at: now)
        #expect(unknown.provider.short.successRate.isNaN && unknown.provider.short.outcomes == 0)
        #expect(health.destination(.push, into: try JobFixture.country("DE"), at: now).long.successRate.isNaN)
    }

    @Test func memoryIsBoundedAndTheLeastRecentKeysGo() throws {
        var health = LiveHealth(capacity: 64, pendingLimit: 100)
        for number in 0..<5000 {
            let time = now + Int64(number) * 1000
            health.observe(try HealthFixture.outcome(number, .delivered, provider: "p\(number)", at: time))
            health.advance(to: time)
            #expect(health.keyCount <= 64)
        }
        #expect(health.counts.forgotten > 0)
        // Names run out at 1024, and the longest silent make room: whoever speaks now is heard.
        #expect(health.counts.dropped == 0)
        #expect(try route(health, "p0", at: now).provider.short.outcomes == 0)
        #expect(try route(health, "p4990", at: now + 5_000_000).provider.short.outcomes > 0)
        let restored = try LiveHealth(snapshot: HealthSnapshot(json: health.snapshot().json()), capacity: 64)
        #expect(restored.snapshot() == health.snapshot())
        var waiting = LiveHealth(pendingLimit: 100)
        for number in 0..<150 { waiting.observe(try HealthFixture.outcome(number, .delivered, at: now)) }
        #expect(waiting.counts.dropped == 50)
    }

    @Test func aQuietDayIsNoWrongClock() throws {
        var health = LiveHealth()
        health.observe(try HealthFixture.outcome(0, .delivered, at: now))
        health.advance(to: now + 5000)
        let later = now + 10 * 86_400_000
        for number in 1...1000 {
            health.observe(try HealthFixture.outcome(number, .timeout, at: later + -Int64(number)), now: later)
        }
        health.advance(to: later + 5000)
        #expect(health.counts.dropped == 0)
        #expect(health.counts.counted == 1001)
    }

    @Test func aSnapshotGoesOnAsIfNothingHadHappened() throws {
        let outcomes = try HealthFixture.outcomes(2000, before: now)
        var whole = LiveHealth()
        for outcome in outcomes { whole.observe(outcome) }
        whole.advance(to: now + -86_400_000)
        let bytes = try whole.snapshot().json()
        var restored = try LiveHealth(snapshot: HealthSnapshot(json: bytes))
        // The reader starts again too early: what the snapshot knows must not count twice.
        for outcome in outcomes { restored.observe(outcome) }
        whole.advance(to: now + 5000)
        restored.advance(to: now + 5000)
        #expect(restored.snapshot() == whole.snapshot())
        #expect(try restored.snapshot().json() == whole.snapshot().json())
    }

    @Test func aBrokenSnapshotIsRefused() throws {
        let text = String(decoding: try HealthFixture.health(at: now).snapshot().json(), as: UTF8.self)
        for (from, to) in [
            (#""format_version":1"#, #""format_version":2"#), (#""short_half_life_ms":1200000"#, #""short_half_life_ms":1"#),
            (#""outcomes":"#, #""outcomes":-"#), (#""outcomes":"#, #""outcomes":1e30"#), (#""successes":"#, #""successes":9999"#),
            (#""key":"#, #""key":9999"#), (#""alpha""#, #""beta""#), (#""at":"2"#, #""at":"9"#), (#""keys":[{"#, #""keys":[{},{"#),
        ] {
            try #require(text.contains(from), "\(from)")
            let broken = Array(text.replacing(from, with: to).utf8)
            #expect(throws: HealthSnapshot.Defect.self, "\(from)") { try HealthSnapshot(json: broken) }
        }
        for length in stride(from: 0, to: text.utf8.count, by: 97) {
            #expect(throws: HealthSnapshot.Defect.self) { try HealthSnapshot(json: Array(text.utf8.prefix(length))) }
        }
    }
}
