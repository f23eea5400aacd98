import Scoring
import Testing

/// Prices and capacities that follow from throttling.
struct RoutePriceTests {
    @Test func thePriceRisesWhileThrottledAndFallsAfter() throws {
        for gap: Int64 in [10, 1000, 30_000] {
            var route = RouteFixture()
            try route.take(.delivered, times: 500, every: gap)
            #expect(route.points == 0 && route.capacity == nil)
            var last = 0.0
            // Three outcomes of four, until nothing rises any more or ten minutes are over.
            let end = route.time + 600_000
            while route.time < end {
                try route.take(.throttled, times: 3, every: gap)
                try route.take(.delivered, after: gap)
                last = try #require(route.points)
                #expect((0...route.health.control.price.maximumPoints).contains(last))
            }
            #expect(last > 1, "an outcome every \(gap) ms")
            #expect(try #require(route.share) == 1)
            // Without throttling.
            for _ in 0..<20 {
                try route.take(.delivered, times: max(1, Int(60_000 / gap)), every: gap)
            }
            #expect(try #require(route.points) < last / 4)
            // And without any outcome at all: half in each half-life.
            let before = try #require(route.points)
            route.wait(Int64(route.health.control.price.halfLifeSeconds) * 1000)
            #expect(abs(try #require(route.points) - before / 2) < 1e-9)
            route.wait(1_000_000_000_000)
            #expect(route.points == 0 && route.capacity == nil)
        }
    }

    @Test func whatIsThrottledForRecipientsSakeCostsNothing() throws {
        var generator = SeededGenerator(seed: 3)
        var route = RouteFixture()
        var most = 0.0
        for _ in 0..<5000 {
            try route.take(Double.random(in: 0..<1, using: &generator) < 0.01 ? .throttled : .delivered, after: 20_000)
            most = max(most, try #require(route.points))
        }
        // One alone moves it by less than half a step, and two in a row happen.
        #expect(most < 0.3)
    }

    @Test func aPriceDoesNotRunAwayWithTheNumberOfOutcomes() throws {
        // All throttled for a minute, once at 1 a second and once at 200.
        func price(every gap: Int64) throws -> Double {
            var route = RouteFixture()
            try route.take(.throttled, times: Int(60_000 / gap), every: gap)
            return try #require(route.points)
        }
        let (slow, fast) = (try price(every: 1000), try price(every: 5))
        #expect(abs(slow - fast) < 0.2 * slow)
    }

    @Test func oneOutcomeAfterASilenceMovesThePriceByNoMoreThanAStep() throws {
        var route = RouteFixture()
        try route.take(.delivered, times: 10, every: 1000)
        try route.take(.throttled, after: 86_400_000)
        #expect(try #require(route.points) > 0)
        #expect(try #require(route.points) <= route.health.control.price.stepPoints)
    }

    @Test(arguments: [0.2, 2, 20]) func theCapacityOfARouteThatThrottlesIsWhatItAccepts(perSecond: Double) throws {
        var route = RouteFixture()
        // Twice as many as it takes, for a quarter of an hour.
        let gap = Int64(500 / perSecond)
        for _ in 0..<Int(900 * perSecond) {
            try route.take(.delivered, after: gap)
            try route.take(.throttled, after: gap)
        }
        let capacity = try #require(route.capacity)
        #expect((0.8...1.4).contains(capacity / perSecond), "\(capacity) of \(perSecond)")
        // Half the load: the estimate grows and is forgotten.
        for _ in 0..<Int(600 * perSecond / 2) { try route.take(.delivered, after: gap * 4) }
        #expect(try #require(route.capacity) > 1.5 * capacity)
        route.wait(Int64(route.health.control.price.capacityMemorySeconds * 1000))
        #expect(route.capacity == nil)
    }

    @Test func aRouteThatAcceptsNothingKeepsTheLeastCapacity() throws {
        var route = RouteFixture()
        try route.take(.throttled, times: 1000, every: 1000)
        #expect(try #require(route.capacity) >= route.health.control.price.minimumCapacityPerSecond)
        #expect(try #require(route.points) <= route.health.control.price.maximumPoints)
    }

    @Test func aLateOutcomeMovesNoPrice() throws {
        var route = RouteFixture()
        try route.take(.delivered, times: 10, every: 1000)
        let before = try #require(route.price)
        route.health.observe(try RouteFixture.outcome(-5, .throttled, at: route.time + -60_000))
        #expect(route.health.counts.late == 1)
        let after = try #require(route.price)
        #expect(after.points(at: route.time, ControlParameters.Price()) == 0)
        #expect(after != before)
    }
}
