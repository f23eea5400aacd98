import Scoring
import Testing

/// Retry budgets and rates of dispatch.
struct BudgetTests {
    private let now = RouteFixture.start

    @Test func retriesAreAShareOfFirstAttempts() {
        var terms = ControlParameters.RetryBudget()
        terms.global.ratio = 0.5
        terms.global.depth = 10
        terms.global.minimumPerSecond = 0
        terms.route.ratio = 1000
        var budget = RetryBudget(terms)
        var sent = 0
        // Everything fails: retries as often as the budget allows.
        for _ in 0..<1000 {
            budget.noteFirstAttempt(route: 0, at: now)
            while budget.canRetry(at: now) {
                budget.noteRetry(route: 0, at: now)
                sent += 1
            }
        }
        #expect((500...510).contains(sent))
    }

    @Test func aTrickleComesInByTime() {
        var terms = ControlParameters.RetryBudget()
        terms.global.minimumPerSecond = 0.1
        terms.global.depth = 5
        var budget = RetryBudget(terms)
        while budget.canRetry(at: now) { budget.noteRetry(route: 0, at: now) }
        #expect(!budget.canRetry(at: now + 9000))
        #expect(budget.canRetry(at: now + 10_000))
        // Time that runs backwards gives nothing, and never more than the depth is saved.
        #expect(!budget.canRetry(at: now + -100_000))
        var saved = 0
        let later = now + 86_400_000
        while budget.canRetry(at: later) {
            budget.noteRetry(route: 0, at: later)
            saved += 1
        }
        #expect(saved == 5)
    }

    @Test func oneRoutesRetriesDoNotEatTheOthers() {
        var terms = ControlParameters.RetryBudget()
        terms.route.depth = 3
        var budget = RetryBudget(terms)
        for _ in 0..<3 { budget.noteRetry(route: 7, at: now) }
        #expect(!budget.canRetry(route: 7, at: now))
        #expect(budget.canRetry(route: 3, at: now) && budget.canRetry(route: 900, at: now) && budget.canRetry(at: now))
        budget.reset(route: 7)
        #expect(budget.canRetry(route: 7, at: now))
    }

    @Test func whatIsOwedIsBounded() {
        var terms = ControlParameters.RetryBudget()
        terms.global.depth = 4
        terms.global.minimumPerSecond = 1
        var budget = RetryBudget(terms)
        for _ in 0..<1_000_000 { budget.noteRetry(route: 0, at: now) }
        // From −4 up to 1.
        #expect(!budget.canRetry(at: now + 4999))
        #expect(budget.canRetry(at: now + 5000))
    }

    @Test(arguments: [0.01, 0.5, 40]) func dispatchesKeepToTheRate(perSecond: Double) {
        var rate = RouteRate(ControlParameters.Rate())
        var generator = SeededGenerator(seed: 4)
        var sent = 0
        var time = now
        let end = now + 3_600_000
        while time < end {
            if rate.isWithinRate(route: 2, perSecond: perSecond, at: time) {
                #expect(rate.delayUntilFree(route: 2, perSecond: perSecond, at: time) == 0)
                rate.note(route: 2, perSecond: perSecond, at: time)
                sent += 1
            } else {
                let delay = rate.delayUntilFree(route: 2, perSecond: perSecond, at: time)
                #expect(rate.isWithinRate(route: 2, perSecond: perSecond, at: time + delay))
                #expect(!rate.isWithinRate(route: 2, perSecond: perSecond, at: time + delay + -2))
            }
            time = time + Int64.random(in: 0...20, using: &generator)
        }
        let most = perSecond * 3600 + max(1, perSecond * 10)
        #expect(Double(sent) <= most + 1)
        #expect(Double(sent) >= min(most, 3_600_000 / 12) * 0.98 - 1)
    }

    @Test func withoutARateThereIsNoLimit() {
        var rate = RouteRate(ControlParameters.Rate())
        for _ in 0..<10_000 { rate.note(route: 0, perSecond: nil, at: now) }
        #expect(rate.isWithinRate(route: 0, perSecond: nil, at: now))
        // A rate that is learned later does not count what went out before.
        #expect(rate.isWithinRate(route: 0, perSecond: 1, at: now))
    }

    @Test func theLowerOfBothRatesCountsTimesOnesShare() {
        var terms = ControlParameters.Rate()
        #expect(RouteRate(terms).allowed("alpha", learned: nil) == nil)
        terms.perSecond = ["alpha": 10]
        terms.ownShare = 0.5
        let rate = RouteRate(terms)
        #expect(rate.allowed("alpha", learned: nil) == 5)
        #expect(rate.allowed("alpha", learned: 4) == 2)
        #expect(rate.allowed("alpha", learned: 40) == 5)
        #expect(rate.allowed("beta", learned: 4) == 2)
    }

    @Test func routesBeyondTheLimitTakeTheNumbersOfTheOldest() {
        var numbers = RouteNumbers()
        var seen: Set<Int> = []
        for index in 0..<10_000 {
            // One that is used all the time is never forgotten.
            let busy = numbers.number(of: "busy")
            #expect(busy.number == 0 && busy.isNew == (index == 0))
            seen.insert(numbers.number(of: "route-\(index)").number)
            #expect(numbers.count <= RouteNumbers.limit)
        }
        #expect(seen.count < RouteNumbers.limit && !seen.contains(0))
        #expect(numbers.number(of: "route-0").isNew)
        #expect(!numbers.number(of: "route-9999").isNew)
    }
}
