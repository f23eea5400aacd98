import Scoring
import Testing

/// The conditions of decisions, and what decisions do to them.
struct PolicyControlTests {
    private let now = RouteFixture.start

    private func job(_ id: String = "job-1", providers: [String] = ["alpha", "beta"], attempts: Int = 0, at time: Timestamp) throws -> Job {
        var job = try JobFixture.firstAttempt(id, at: time)
        job.providers = providers
        job.previousAttempts = attempts
        return job
    }

    @Test func aFreshStartStandsAgainstNothing() throws {
        var control = PolicyControl()
        let conditions = control.conditions(for: try job(at: now), health: LiveHealth(), at: now)
        #expect(conditions.routes == [DecisionConditions.Route(), DecisionConditions.Route()])
        #expect(conditions.hasRetryBudget)
        #expect(conditions.priority == PriorityScale.Thresholds(high: 0.02, low: 0.000_03))
    }

    @Test func conditionsAreThoseOfTheRoutesInTheOrderOfTheJob() throws {
        var route = RouteFixture("beta")
        try route.take(.delivered, times: 600, every: 2000)
        try route.take(.throttled, times: 100, every: 2000)
        try route.take(.unanswered, times: 20, every: 2000)
        var control = PolicyControl()
        let time = route.time + 5000
        let breaker = try #require(route.breaker)
        let conditions = control.conditions(for: try job(at: time), health: route.health, at: time)
        #expect(conditions.routes[0] == DecisionConditions.Route())
        let beta = conditions.routes[1]
        #expect(beta.breaker == .open && beta.admittedShare == 0 && !beta.isAdmitted)
        #expect(beta.closedForMilliseconds == breaker.halfOpenAt - time && beta.closedForMilliseconds > 0)
        #expect(beta.pricePoints == route.price?.points(at: time, ControlParameters.Price()) && beta.pricePoints > 0)
        // Half-open: some jobs are admitted, and the logged share says how many.
        var admitted = 0
        for index in 0..<2000 {
            let later = breaker.halfOpenAt
            let job = try job("job-\(index)", providers: ["beta"], at: later)
            let route = try #require(control.conditions(for: job, health: route.health, at: later).routes.first)
            #expect(route.breaker == .halfOpen && route.closedForMilliseconds == 0)
            #expect(route.isAdmitted == breaker.admits(job.jobID, share: route.admittedShare))
            #expect(route.isProbe == route.isAdmitted)
            if route.isAdmitted { admitted += 1 }
        }
        #expect((50...250).contains(admitted))
    }

    @Test func outcomesThatArriveAtTheSameTimeAreSeen() throws {
        var control = PolicyControl()
        var route = RouteFixture()
        try route.take(.delivered, times: 100, every: 2000)
        let time = route.time + 5000
        let job = try job(at: time)
        #expect(control.conditions(for: job, health: route.health, at: time).routes[0].breaker == .closed)
        // Late ones, counted at once.
        for number in 0..<20 { route.health.observe(try RouteFixture.outcome(1000 + number, .unanswered, at: route.time + -10)) }
        #expect(route.health.counts.late == 20)
        #expect(control.conditions(for: job, health: route.health, at: time).routes[0].breaker == .open)
    }

    @Test func onlyWhatGoesOutNowIsLoad() throws {
        var parameters = ControlParameters()
        parameters.rate.perSecond = ["alpha": 0.1]
        parameters.rate.burstSeconds = 0
        parameters.retryBudget.route.depth = 2
        parameters.retryBudget.global.depth = 3
        var control = PolicyControl(parameters)
        let health = LiveHealth()
        let retry = try job(attempts: 2, at: now)
        for _ in 0..<50 {
            control.note(.retry, of: retry, through: "alpha", agedLoss: 0.1, at: now)
            control.note(.giveUp, of: retry, through: "alpha", agedLoss: nil, at: now)
        }
        var conditions = control.conditions(for: retry, health: health, at: now)
        #expect(conditions.routes[0].isWithinRate && conditions.routes[0].hasRetryBudget && conditions.hasRetryBudget)
        control.note(.dispatch, of: retry, through: "alpha", agedLoss: 0.1, at: now)
        conditions = control.conditions(for: retry, health: health, at: now)
        #expect(conditions.routes[0].freeInMilliseconds == 10_000 && conditions.routes[0].hasRetryBudget)
        control.note(.dispatch, of: retry, through: "alpha", agedLoss: 0.1, at: now)
        conditions = control.conditions(for: retry, health: health, at: now)
        #expect(!conditions.routes[0].hasRetryBudget && conditions.routes[1].hasRetryBudget && conditions.hasRetryBudget)
        control.note(.dispatch, of: retry, through: "beta", agedLoss: 0.1, at: now)
        #expect(!control.conditions(for: retry, health: health, at: now).hasRetryBudget)
        // A first attempt pays for a retry.
        control.note(.dispatch, of: try job(at: now), through: "beta", agedLoss: 0.1, at: now)
        #expect(control.conditions(for: retry, health: health, at: now).hasRetryBudget)
        // Priorities are told by what was noted.
        #expect(control.conditions(for: retry, health: health, at: now + 1).priority.high > 0.1)
    }

    @Test func theSameDecisionsGiveTheSameConditions() throws {
        func run() throws -> [DecisionConditions] {
            var generator = SeededGenerator(seed: 12)
            var control = PolicyControl()
            var route = RouteFixture()
            var found: [DecisionConditions] = []
            for index in 0..<3000 {
                let ends: [RouteFixture.End] = index / 500 % 2 == 0 ? [.delivered, .delivered, .throttled] : [.unanswered, .throttled]
                try route.take(ends.randomElement(using: &generator) ?? .delivered, after: 700)
                let time = route.time + 5000
                let job = try job("job-\(index)", attempts: Int.random(in: 0...2, using: &generator), at: time)
                found.append(control.conditions(for: job, health: route.health, at: time))
                control.note(
                    [.dispatch, .retry].randomElement(using: &generator) ?? .dispatch, of: job, through: "alpha",
                    agedLoss: Double.random(in: 0...0.2, using: &generator), at: time)
            }
            return found
        }
        let first = try run()
        #expect(try run() == first)
        #expect(Set(first.map(\.routes[0].breaker)).count >= 2)
        #expect(Set(first.map(\.routes[0].pricePoints)).count > 100)
        #expect(Set(first.map(\.priority.high)).count > 1)
    }

    @Test func memoryAndNumbersAreBounded() throws {
        var parameters = ControlParameters()
        parameters.retryBudget.route.depth = 2
        parameters.retryBudget.route.minimumPerSecond = 0
        var control = PolicyControl(parameters)
        let health = LiveHealth()
        for index in 0..<20_000 {
            let job = try job(providers: ["a-\(index)", "b-\(index)"], attempts: 1, at: now)
            let conditions = control.conditions(for: job, health: health, at: now)
            // Another route's debts are not inherited.
            #expect(conditions.routes.allSatisfy { $0.hasRetryBudget })
            for _ in 0..<3 { control.note(.dispatch, of: job, through: "a-\(index)", agedLoss: 1, at: now + Int64(index) * 1000) }
        }
    }

    /// A quiet route's share of all jobs may be all of them: what goes through it while half-open is counted, not drawn alone.
    @Test func probesAreFewHoweverManyJobsThereAre() throws {
        var route = RouteFixture()
        try route.take(.delivered, times: 10, every: 60_000)
        try route.take(.unanswered, times: 5, every: 60_000)
        #expect(route.state == .open)
        var control = PolicyControl()
        let halfOpen = try #require(route.health.control(of: "alpha")).breaker.halfOpenAt
        var sent = 0
        // Ten jobs a second for ten minutes, and nothing is heard of what was sent.
        for index in 0..<6000 {
            let time = halfOpen + Int64(index) * 100
            let job = try job("job-\(index)", at: time)
            let conditions = control.conditions(for: job, health: route.health, at: time)
            #expect(conditions.routes[0].breaker == .halfOpen)
            guard conditions.routes[0].isAdmitted else { continue }
            sent += 1
            control.note(.dispatch, of: job, through: "alpha", agedLoss: 0.1, at: time)
        }
        #expect(sent >= 10 && sent <= 21)
    }

    /// Retries by the budget, dispatches by the rate.
    private func sent(_ control: inout PolicyControl, times: [Timestamp]) throws -> (retries: Int, dispatches: Int) {
        var count = (retries: 0, dispatches: 0)
        for time in times {
            var retry = try job(providers: ["beta"], attempts: 1, at: time)
            var conditions = control.conditions(for: retry, health: LiveHealth(), at: time)
            if conditions.hasRetryBudget {
                control.note(.dispatch, of: retry, through: "beta", agedLoss: 0.1, at: time)
                count.retries += 1
            }
            retry.previousAttempts = 0
            retry.providers = ["alpha"]
            conditions = control.conditions(for: retry, health: LiveHealth(), at: time)
            if conditions.routes[0].isWithinRate {
                control.note(.dispatch, of: retry, through: "alpha", agedLoss: 0.1, at: time)
                count.dispatches += 1
            }
        }
        return count
    }

    @Test func aClockThatIsSetBackStopsNothingAndGivesNothing() throws {
        var parameters = ControlParameters()
        parameters.rate.perSecond = ["alpha": 0.2]
        parameters.rate.burstSeconds = 50
        parameters.retryBudget.global.depth = 20
        parameters.retryBudget.global.ratio = 0
        parameters.retryBudget.global.minimumPerSecond = 0.1
        var control = PolicyControl(parameters)
        func seconds(_ range: Range<Int>) -> [Timestamp] { range.map { now + Int64($0) * 1000 } }
        // What was saved up, and what came in within 1000 s.
        let before = try sent(&control, times: seconds(0..<1000))
        #expect((119...120).contains(before.retries) && (209...210).contains(before.dispatches))
        // An hour back, on and on from there at the same rate.
        let after = try sent(&control, times: seconds(-2600 ..< -1600))
        #expect((99...101).contains(after.retries) && (199...201).contains(after.dispatches), "\(after)")
        // Forward again: once what can be saved up.
        let forward = try sent(&control, times: seconds(1000..<2000))
        #expect((119...121).contains(forward.retries) && (209...211).contains(forward.dispatches), "\(forward)")
    }

    @Test func probesAndPrioritiesFollowAClockThatIsSetBack() throws {
        var route = RouteFixture()
        try route.take(.delivered, times: 100, every: 2000)
        while route.state != .open { try route.take(.unanswered, after: 2000) }
        let halfOpen = try #require(route.breaker).halfOpenAt
        var control = PolicyControl()
        func probes(from time: Timestamp) throws -> Int {
            var sent = 0
            for second in 0..<600 {
                let at = time + Int64(second) * 1000
                let job = try job("job-\(second)", at: at)
                guard control.conditions(for: job, health: route.health, at: at).routes[0].isProbe else { continue }
                control.note(.dispatch, of: job, through: "alpha", agedLoss: 0.5, at: at)
                sent += 1
            }
            return sent
        }
        let later = halfOpen + 3_600_000
        let first = try probes(from: later)
        let second = try probes(from: halfOpen)
        #expect((10...21).contains(first) && (10...21).contains(second))
        for _ in 0..<100 { control.note(.retry, of: try job(at: now), through: "alpha", agedLoss: 0.5, at: now) }
        let recent = try job(at: now + 1)
        #expect(control.conditions(for: recent, health: route.health, at: now + 1).priority.high > 0.02)
        // Two half-lives on, what was recent has faded.
        let old = try job(at: now + 7_200_000)
        #expect(control.conditions(for: old, health: route.health, at: now + 7_200_000).priority.high == 0.02)
    }

    private func openRoute() throws -> RouteFixture {
        var route = RouteFixture()
        try route.take(.delivered, times: 200, every: 1000)
        while route.state != .open { try route.take(.unanswered, after: 1000) }
        return route
    }

    @Test func anOverdueProbeIsForWhoeverComesNext() throws {
        let route = try openRoute()
        let halfOpen = try #require(route.breaker).halfOpenAt
        var control = PolicyControl()
        func alpha(_ id: String = "job-1", after seconds: Int64, expiresIn: Int64? = nil) throws -> DecisionConditions.Route {
            var job = try job(id, at: halfOpen + seconds * 1000)
            job.expiresAt = expiresIn.map { halfOpen + (seconds + $0) * 1000 }
            return control.conditions(for: job, health: route.health, at: halfOpen + seconds * 1000).routes[0]
        }
        // Four intervals of half a minute: until then by lot, then whoever comes.
        let early = try (0..<200).map { try alpha("job-\($0)", after: 119) }
        #expect(early.allSatisfy { $0.overdueProbeLoss == 0 } && early.contains { !$0.isAdmitted })
        let growth: [(Int64, Double)] = [(120, 0.01), (239, 0.01), (240, 0.02), (360, 0.04), (840, 0.64), (960, 1), (86_400, 1)]
        for (seconds, loss) in growth {
            let late = try (0..<200).map { try alpha("job-\($0)", after: seconds) }
            #expect(late.allSatisfy { $0.isProbe && $0.admittedShare == 1 && $0.overdueProbeLoss == loss }, "after \(seconds) s")
            // What soon expires never is.
            #expect(try !alpha(after: seconds, expiresIn: 119).isAdmitted)
            #expect(try alpha(after: seconds, expiresIn: 120).isAdmitted)
        }
        // One goes; the next is due after as long again, and loses as much as all that time allows.
        control.note(.dispatch, of: try job(at: halfOpen + 300_000), through: "alpha", agedLoss: 0.5, at: halfOpen + 300_000)
        #expect(try !alpha(after: 301).isAdmitted)
        #expect(try alpha(after: 419).overdueProbeLoss == 0)
        #expect(try alpha(after: 420).overdueProbeLoss == 0.04)
        // And after it has opened again, all begins anew.
        var again = route
        again.wait(halfOpen + 430_000 - again.time)
        while again.state != .open { try again.take(.unanswered, after: 1000) }
        let next = try #require(again.breaker).halfOpenAt + 120_000
        #expect(control.conditions(for: try job(at: next), health: again.health, at: next).routes[0].overdueProbeLoss == 0.01)
    }

    /// Codes alone, which are no probes of their own accord, and a model that likes the other route better.
    @Test func aRouteReturnsWhateverTheJobsAre() throws {
        let scorer = try ModelFixture.scorer([
            .init(feature: "provider", threshold: 1, below: -1, above: 2), .init(feature: "delay_s", threshold: 1, below: 0.5, above: 0),
        ])
        var route = try openRoute()
        var control = PolicyControl(of: scorer.policy)
        var workspace = ScoringWorkspace()
        let start = try #require(route.breaker).halfOpenAt
        var probes = 0
        var number = 0
        while route.state != .closed, route.time < start + 7_200_000 {
            route.wait(max(10_000, start - route.time))
            number += 1
            var job = try JobFixture.firstAttempt("code-\(number)", .otp, at: route.time)
            // Every other one has hardly any time left.
            let expiresSoon = number % 2 == 0
            job.expiresAt = route.time + (expiresSoon ? 100_000 : 300_000)
            route.health.advance(to: route.time)
            let decision = scorer.decide(
                [PendingJob(job: job)], now: route.time, health: route.health, control: &control, workspace: &workspace)[0]
            guard decision.provider == "alpha" else { continue }
            #expect(decision.kind == .dispatch && decision.reason == .probe && !expiresSoon)
            probes += 1
            try route.take(.delivered, after: 1000)
        }
        #expect(route.state == .closed)
        #expect((1...3).contains(probes))
        #expect(route.time < start + 1_800_000, "after \((route.time - start) / 1000) s")
    }
}
