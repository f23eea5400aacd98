import Scoring
import Testing

/// The breaker by its transitions, and in the days of a route.
struct CircuitBreakerTests {
    /// Every ordinary outcome of the fixture's route, two seconds apart.
    private func ordinaryRoute(_ outcomes: Int = 600) throws -> RouteFixture {
        var route = RouteFixture()
        try route.take(.delivered, times: outcomes, every: 2000)
        return route
    }

    private func openRoute() throws -> RouteFixture {
        var route = try ordinaryRoute()
        while route.state == .closed { try route.take(.unanswered, after: 2000) }
        return route
    }

    private func waitForHalfOpen(_ route: inout RouteFixture) throws {
        let at = try #require(route.breaker).halfOpenAt
        route.wait(at - route.time - 1)
        #expect(route.state == .open && route.share == 0)
        route.wait(1)
        #expect(route.state == .halfOpen)
    }

    @Test func aRouteThatDiesIsCutOffAfterAFewOutcomesWhateverItsRate() throws {
        for gap: Int64 in [20, 200, 2000, 20_000, 60_000] {
            var route = RouteFixture()
            try route.take(.delivered, times: 400, every: gap)
            #expect(route.state == .closed && route.share == 1)
            var failures = 0
            while route.state == .closed, failures < 100 {
                try route.take(.unanswered, after: gap)
                failures += 1
            }
            #expect((3...6).contains(failures), "a failure every \(gap) ms: \(failures)")
        }
    }

    @Test func whatRecipientsDoOpensNothing() throws {
        var route = try ordinaryRoute()
        try route.take(.hardBounce, times: 500, every: 2000)
        try route.take(.throttled, times: 500, every: 2000)
        try route.take(.recipientBusy, times: 500, every: 2000)
        #expect(route.state == .closed && route.share == 1)
        #expect(try #require(route.breaker).openedAt == nil)
    }

    @Test func oneNotificationThatFailsAgainAndAgainIsNoOutage() throws {
        var route = try ordinaryRoute()
        for number in 0..<200 { try route.take(.unanswered, after: 2000, notification: -1 - number % 2) }
        #expect(route.state == .closed)
        for number in 0..<10 { try route.take(.unanswered, after: 2000, notification: -100 - number) }
        #expect(route.state == .open)
    }

    @Test func failuresFarApartNeverAddUp() throws {
        var route = RouteFixture()
        // Every failure there is: one every ten minutes for a week, with few successes, or none at all.
        for number in 0..<1000 { try route.take(number % 4 == 0 ? .delivered : .unanswered, after: 600_000) }
        #expect(try #require(route.breaker).openedAt == nil)
        var silent = RouteFixture()
        try silent.take(.unanswered, times: 1000, every: 1_200_000)
        #expect(try #require(silent.breaker).openedAt == nil)
    }

    @Test(arguments: [0.02, 0.1, 0.2]) func aRouteThatAlwaysFailsNowAndThenStaysClosed(share: Double) throws {
        for (gap, seed): (Int64, UInt64) in [(200, 1), (8000, 2), (40_000, 3)] {
            var generator = SeededGenerator(seed: seed)
            var route = RouteFixture()
            for _ in 0..<4000 {
                try route.take(Double.random(in: 0..<1, using: &generator) < share ? .unanswered : .delivered, after: gap)
            }
            #expect(try #require(route.breaker).openedAt == nil, "\(share) of the outcomes, one every \(gap) ms")
        }
    }

    @Test(arguments: [1, 2, 3]) func falseAlarmsAreAsRareAsDemanded(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var route = RouteFixture()
        var openings: Set<Timestamp> = []
        // 20 days of a route that fails one time in ten, an outcome every 40 s.
        for _ in 0..<43_200 {
            try route.take(Int.random(in: 0..<10, using: &generator) == 0 ? .unanswered : .delivered, after: 40_000)
            if let openedAt = route.breaker?.openedAt { openings.insert(openedAt) }
        }
        #expect(openings.count <= 4)
    }

    @Test func afterTheCoolDownProbesGoThroughAndCloseIt() throws {
        var route = try openRoute()
        try waitForHalfOpen(&route)
        let probes = try #require(route.share)
        // 30 outcomes a minute as a rule, two probes wanted.
        #expect(abs(probes - 2.0 / 30) < 0.01)
        try route.take(.delivered, after: 1000)
        #expect(route.state == .halfOpen)
        try route.take(.delivered, after: 1000)
        #expect(route.state == .closed)
        #expect(route.share == health(route).rampStartShare)
    }

    private func health(_ route: RouteFixture) -> ControlParameters.Breaker { route.health.control.breaker }

    @Test func aProbeThatFailsOpensItAgainForTwiceAsLongUpToTheLimit() throws {
        var route = try openRoute()
        let terms = health(route)
        var expected = terms.coolDownSeconds
        for _ in 0..<8 {
            let coolDown = Double(try #require(route.breaker).coolDownMilliseconds) / 1000
            #expect((expected - 0.001...expected * (1 + terms.coolDownSpread)).contains(coolDown))
            try waitForHalfOpen(&route)
            try route.take(.unanswered, after: 1000)
            #expect(route.state == .open)
            expected = min(expected * 2, terms.maximumCoolDownSeconds)
        }
        #expect(expected == terms.maximumCoolDownSeconds)
    }

    @Test func aCalmWhileEndsTheRowOfCoolDowns() throws {
        for isCalm in [false, true] {
            var route = try openRoute()
            try waitForHalfOpen(&route)
            try route.take(.delivered, times: 2, every: 1000)
            #expect(route.state == .closed)
            let outcomes = Int(health(route).calmSeconds / 2) * (isCalm ? 2 : 1) / 2
            try route.take(.delivered, times: outcomes, every: isCalm ? 3000 : 1000)
            while route.state == .closed { try route.take(.unanswered, after: 2000) }
            #expect(try #require(route.breaker).row == (isCalm ? 0 : 1))
        }
    }

    @Test func theShareRisesInAStraightLineAfterClosing() throws {
        var route = try openRoute()
        try waitForHalfOpen(&route)
        try route.take(.delivered, times: 2, every: 1000)
        let closedAt: Timestamp = try #require(route.breaker?.closedAt)
        let terms = health(route)
        let breaker = try #require(route.breaker)
        for seconds in stride(from: 0.0, through: terms.rampSeconds, by: 10) {
            let expected = terms.rampStartShare + (1 - terms.rampStartShare) * seconds / terms.rampSeconds
            let share = breaker.admittedShare(at: closedAt + Int64(seconds * 1000), terms)
            #expect(abs(share - expected) < 1e-9)
            // Who was admitted stays admitted, and they are as many as they should be.
            let admitted = (0..<4000).count { breaker.admits("job-\($0)", share: share) }
            #expect(abs(Double(admitted) / 4000 - share) < 0.03)
        }
        #expect(breaker.admittedShare(at: closedAt + Int64(terms.rampSeconds * 1000), terms) == 1)
        for job in 0..<1000 where breaker.admits("job-\(job)", share: 0.2) { #expect(breaker.admits("job-\(job)", share: 0.4)) }
        #expect(!(0..<1000).contains { breaker.admits("job-\($0)", share: 0) })
    }

    @Test func whatWasAttemptedBeforeSaysNothingOfHowTheRouteIsSince() throws {
        var route = try openRoute()
        let opening = route.breaker
        // Late news of before it opened, good and bad.
        for _ in 0..<20 { try route.take(.delivered, after: 100, attemptedBefore: 30_000) }
        for _ in 0..<20 { try route.take(.unanswered, after: 100, attemptedBefore: 30_000) }
        #expect(route.breaker?.openedAt == opening?.openedAt && route.state == .open)
        try waitForHalfOpen(&route)
        try route.take(.unanswered, after: 10, attemptedBefore: 20_000)
        #expect(route.state == .halfOpen)
        try route.take(.delivered, times: 2, every: 1000)
        #expect(route.state == .closed)
        // The outage's timeouts are still coming in.
        for _ in 0..<50 { try route.take(.unanswered, after: 100, attemptedBefore: 30_000) }
        #expect(route.state == .closed)
        for _ in 0..<10 { try route.take(.unanswered, after: 1000) }
        #expect(route.state == .open)
    }

    @Test func aRouteThatWorksWhileOpenIsClosedEarly() throws {
        var route = try openRoute()
        try route.take(.delivered, times: 2, every: 100)
        #expect(route.state == .closed)
    }

    @Test func nothingIsKnownOfARouteWithoutOutcomes() {
        #expect(RouteFixture().health.control(of: "alpha") == nil)
    }

    /// Attempts are offered at five a second for hours; the breaker decides which are made, and the route is down for 30 minutes.
    @Test func aDeadRouteIsProbedSparinglyAndComesBack() throws {
        var generator = SeededGenerator(seed: 5)
        var health = LiveHealth()
        var waiting: [Outcome] = []
        let start = RouteFixture.start
        let downFrom = start + 1_800_000
        let upFrom = downFrom + 1_800_000
        let terms = health.control.breaker
        var openedAt: Timestamp?
        var failuresUntilOpen = 0
        var attemptsByMinute = [Int](repeating: 0, count: 120)
        var offeredByMinute = [Int](repeating: 0, count: 120)
        var reopened = false
        var number = 0
        for step in 0..<(120 * 60 * 5) {
            let now = start + Int64(step) * 200
            health.advance(to: now)
            let control = health.control(of: "alpha")
            let share = control?.breaker.admittedShare(at: now, terms) ?? 1
            let minute = step / 300
            offeredByMinute[minute] += 1
            if let breaker = control?.breaker, openedAt == nil, breaker.state(at: now) == .open { openedAt = now }
            if now > upFrom, let breaker = control?.breaker, breaker.isClosed, breaker.closedAt == nil { reopened = true }
            let isAdmitted = control?.breaker.admits("job-\(step)", share: share) ?? true
            if isAdmitted {
                attemptsByMinute[minute] += 1
                let isDown = now >= downFrom && now < upFrom
                let fails = isDown || Double.random(in: 0..<1, using: &generator) < 0.05
                if isDown, openedAt == nil { failuresUntilOpen += 1 }
                number += 1
                waiting.append(
                    try RouteFixture.outcome(number, fails ? .unanswered : .delivered, at: now + (fails ? 10_000 : 500), attemptedAt: now))
            }
            waiting.removeAll { outcome in
                guard outcome.occurredAt <= now else { return false }
                health.observe(outcome)
                return true
            }
        }
        #expect(!reopened)
        // Timeouts take 10 s to be known and 5 s to count: 75 attempts on the way, and a few to tell.
        #expect(failuresUntilOpen <= 80)
        let opened: Timestamp = try #require(openedAt)
        #expect(opened - downFrom <= 17_000)
        // Twice the wanted number in every minute from then to the recovery, four times in the worst.
        let down = attemptsByMinute[31..<60]
        #expect(Double(down.reduce(0, +)) / Double(down.count) <= 2 * terms.probesPerMinute)
        #expect(down.allSatisfy { Double($0) <= 4 * terms.probesPerMinute + 1 }, "\(down)")
        // The longest cool-down, a minute or two of probes, the ramp.
        let closedAt: Timestamp = try #require(health.control(of: "alpha")?.breaker.closedAt)
        #expect(closedAt - upFrom <= Int64(terms.maximumCoolDownSeconds * 1250) + 180_000)
        #expect(health.control(of: "alpha")?.breaker.isClosed == true)
        let full = Int((closedAt - start) / 60_000) + Int(terms.rampSeconds / 60) + 2
        #expect(Array(attemptsByMinute[full...]) == Array(offeredByMinute[full...]))
        // No stampede: the first minute after closing gets no more than its share of the ramp.
        let first = attemptsByMinute[Int((closedAt - start) / 60_000) + 1]
        #expect(Double(first) / 300 <= terms.rampStartShare + (1 - terms.rampStartShare) * 120 / terms.rampSeconds + 0.06)
    }
}
