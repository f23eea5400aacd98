import Scoring
import Testing

/// Breakers and prices as part of live health: order, duplicates, snapshots, memory.
struct RouteControlTests {
    private let now = RouteFixture.start

    /// Outcomes of three routes over two hours, dense enough that breakers open and close and prices move.
    private func outcomes(_ count: Int, seed: UInt64) throws -> [Outcome] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { number in
            let time = now + Int64.random(in: 0..<7_200_000, using: &generator)
            let isBad = (time - now) / 900_000 % 2 == 1
            let ends: [RouteFixture.End] =
                isBad ? [.unanswered, .unanswered, .throttled, .unanswered] : [.delivered, .delivered, .hardBounce, .throttled]
            return try RouteFixture.outcome(
                number, ends.randomElement(using: &generator) ?? .delivered,
                through: ["alpha", "beta", "gamma"].randomElement(using: &generator) ?? "", at: time,
                attemptedAt: time + -Int64.random(in: 0..<30_000, using: &generator),
                notification: Int.random(in: 0..<count / 2, using: &generator))
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func anyOrderAndEveryDuplicateWithinTheToleranceGiveTheSameBits(seed: UInt64) throws {
        let outcomes = try outcomes(3000, seed: seed)
        var straight = LiveHealth()
        for outcome in outcomes { straight.observe(outcome) }
        straight.advance(to: now + 7_300_000)
        let openings = ["alpha", "beta", "gamma"].compactMap { straight.control(of: $0)?.breaker.openedAt }
        #expect(openings.count == 3)
        var generator = SeededGenerator(seed: seed &+ 99)
        var mixed = LiveHealth()
        let arrivals = outcomes.flatMap { outcome in
            (0...Int.random(in: 0...1, using: &generator)).map { _ in
                (at: outcome.occurredAt + Int64.random(in: 0...4999, using: &generator), outcome: outcome)
            }
        }.shuffled(using: &generator).sorted { $0.at < $1.at }
        for (at, outcome) in arrivals {
            mixed.advance(to: at)
            mixed.observe(outcome)
        }
        mixed.advance(to: now + 7_300_000)
        #expect(mixed.counts.late == 0)
        for provider in ["alpha", "beta", "gamma"] { #expect(mixed.control(of: provider) == straight.control(of: provider)) }
        #expect(try mixed.snapshot().json() == straight.snapshot().json())
    }

    @Test(arguments: [7, 8, 9]) func aSnapshotGoesOnAsIfNothingHadHappened(seed: UInt64) throws {
        let outcomes = try outcomes(3000, seed: seed)
        var whole = LiveHealth()
        for outcome in outcomes { whole.observe(outcome) }
        for part in 1...8 {
            let time = now + Int64(part) * 900_000
            whole.advance(to: time)
            var restored = try LiveHealth(snapshot: HealthSnapshot(json: whole.snapshot().json()))
            #expect(restored.snapshot() == whole.snapshot())
            for outcome in outcomes { restored.observe(outcome) }
            var same = whole
            same.advance(to: now + 7_300_000)
            restored.advance(to: now + 7_300_000)
            #expect(try restored.snapshot().json() == same.snapshot().json())
        }
    }

    @Test func aSnapshotOfBeforeThereWereBreakersBeginsWithClosedOnes() throws {
        var health = LiveHealth()
        for outcome in try outcomes(1000, seed: 1) { health.observe(outcome) }
        health.advance(to: now + 7_300_000)
        let text = String(decoding: try health.snapshot().json(), as: UTF8.self)
        let routes = try #require(text.firstRange(of: #","routes":["#))
        let rest = try #require(text.range(of: #","short_half_life_ms""#, after: routes.upperBound))
        let old = text[..<routes.lowerBound] + text[rest...]
        #expect(!old.contains("breaker"))
        var restored = try LiveHealth(snapshot: HealthSnapshot(json: Array(old.utf8)))
        #expect(restored.keyCount == health.keyCount)
        #expect(restored.control(of: "alpha") == nil)
        restored.observe(try RouteFixture.outcome(-1, .delivered, at: now + 7_310_000))
        restored.advance(to: now + 7_320_000)
        #expect(restored.control(of: "alpha")?.breaker.state(at: now + 7_320_000) == .closed)
    }

    @Test func aBrokenSnapshotIsRefused() throws {
        var route = RouteFixture()
        try route.take(.delivered, times: 100, every: 2000)
        try route.take(.throttled, times: 20, every: 2000)
        try route.take(.unanswered, times: 10, every: 2000)
        #expect(route.state == .open)
        let text = String(decoding: try route.health.snapshot().json(), as: UTF8.self)
        for (from, to) in [
            (#""routes_version":1"#, #""routes_version":2"#), (#""routes":["#, #""routes":[{},"#),
            (#""cool_down_ms":"#, #""cool_down_ms":9999999"#), (#""row":0"#, #""row":-1"#), (#""row":0"#, #""row":33"#),
            (#""outage_evidence":0"#, #""outage_evidence":1e9"#), (#""recovery_evidence":0"#, #""recovery_evidence":-201"#),
            (#""opened_at":"2"#, #""opened_at":"9"#), (#""throttled_at":"2"#, #""throttled_at":"9"#),
            (#""closed":false"#, #""closed":false,"closed_at":"2999-01-01T00:00:00Z""#), (#""points":"#, #""points":-"#),
            (#""capacity_per_s":"#, #""capacity_per_s":-"#), (#""failures":"#, #""failures":9999"#),
            (#""throttled":"#, #""throttled":9999"#),
            (#""recent_failures":["#, #""recent_failures":[1,2,3,4,5"#), (#""provider":0"#, #""provider":7"#),
        ] {
            try #require(text.contains(from), "\(from)")
            let broken = text.replacing(from, with: to)
            #expect(throws: HealthSnapshot.Defect.self, "\(from) \(to)") { try HealthSnapshot(json: Array(broken.utf8)) }
        }
        let opened = #""opened_at":""#
        let range = try #require(text.firstRange(of: opened))
        let end = try #require(text.range(of: #"","#, after: range.upperBound))
        let never = text[..<range.lowerBound] + text[text.index(end, offsetBy: 2)...]
        #expect(throws: HealthSnapshot.Defect.self) { try HealthSnapshot(json: Array(never.utf8)) }
    }

    @Test func aProviderThatIsForgottenIsForgottenWhole() throws {
        var health = LiveHealth(capacity: 64)
        for number in 0..<3000 {
            let time = now + Int64(number) * 1000
            health.observe(try RouteFixture.outcome(number, .delivered, through: "p\(number)", at: time))
            health.advance(to: time + 5000)
        }
        #expect(health.control(of: "p0") == nil)
        #expect(health.control(of: "p2999") != nil)
        let restored = try LiveHealth(snapshot: HealthSnapshot(json: health.snapshot().json()), capacity: 64)
        #expect(restored.snapshot() == health.snapshot())
        #expect((0..<3000).count { health.control(of: "p\($0)") != nil } <= 1024)
    }

    @Test func aSignIsTheRoutesOwn() {
        func sign(_ status: DeliveryStatus, _ code: Int?, _ channel: Channel = .email) -> RouteSign {
            RouteSign(status: status, responseCode: code, channel: channel)
        }
        for (status, code) in [(DeliveryStatus.timeout, nil), (.softBounce, 421), (.softBounce, nil), (.rejected, 535)] as [(_, Int?)] {
            #expect(sign(status, code) == .fails)
        }
        #expect(sign(.softBounce, 503, .push) == .fails && sign(.rejected, 401, .sms) == .fails)
        for (status, code) in [(DeliveryStatus.delivered, 250), (.hardBounce, 550), (.unregistered, nil), (.rejected, 553)] as [(_, Int?)] {
            #expect(sign(status, code) == .works)
        }
        // Greylisting, a full mailbox, a limit on the recipient, a phone that is off, a filter: the route may be as good as ever.
        for (status, code) in [(DeliveryStatus.softBounce, 450), (.softBounce, 452), (.throttled, 421), (.rejected, 550)] {
            #expect(sign(status, code) == .silent)
        }
        #expect(sign(.timeout, 200, .sms) == .silent && sign(.rejected, 400, .sms) == .silent && sign(.throttled, 429, .push) == .silent)
    }
}

extension String {
    /// Where `text` begins after `index`.
    fileprivate func range(of text: String, after index: Index) -> Index? {
        self[index...].firstRange(of: text)?.lowerBound
    }
}
