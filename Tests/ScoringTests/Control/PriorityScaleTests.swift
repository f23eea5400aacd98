import Scoring
import Testing

/// Thresholds that follow the load.
struct PriorityScaleTests {
    private let now = RouteFixture.start
    private let fixed = PriorityScale.Thresholds(high: 0.02, low: 0.000_03)

    private func scale(_ change: (inout ControlParameters.PriorityTerms) -> Void = { _ in }) -> PriorityScale {
        var terms = ControlParameters.PriorityTerms()
        change(&terms)
        return PriorityScale(terms, fixed: fixed)
    }

    @Test func theFixedThresholdsCountUntilEnoughWasSeen() {
        var scale = scale()
        #expect(scale.thresholds(at: now) == fixed)
        for _ in 0..<49 { scale.note(0.1, at: now) }
        #expect(scale.thresholds(at: now) == fixed)
        scale.note(0.1, at: now)
        #expect(scale.thresholds(at: now) != fixed)
        // What was seen fades.
        #expect(scale.thresholds(at: now + 3_600_000) == fixed)
    }

    @Test(arguments: [1, 2, 3]) func highIsScarceHoweverTheLoadChanges(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var scale = scale { $0.maximumFactor = 1_000_000 }
        var time = now
        for level in [0.001, 0.1, 0.01, 30] {
            var counts: [Priority: Int] = [:]
            for index in 0..<40_000 {
                time = time + 1000
                // Over six decades, evenly in the logarithm.
                let loss =
                    level * Double(sign: .plus, exponent: -Int.random(in: 0..<20, using: &generator), significand: 1)
                    * Double.random(in: 1..<2, using: &generator)
                let thresholds = scale.thresholds(at: time)
                #expect(thresholds.low <= thresholds.high)
                // After eight half-lives the load of before has gone.
                if index >= 30_000 { counts[thresholds.priority(ofLossPerSecond: loss), default: 0] += 1 }
                scale.note(loss, at: time)
            }
            let high = Double(counts[.high] ?? 0) / 10_000
            let low = Double(counts[.low] ?? 0) / 10_000
            #expect((0.13...0.215).contains(high), "level \(level): \(high)")
            #expect((0.23...0.32).contains(low), "level \(level): \(low)")
        }
    }

    @Test func thresholdsStayNearTheFixedOnes() {
        for loss in [0, 1e-300, 1e300, Double.infinity, Double.nan, -1, 5e-324] {
            var scale = scale()
            for _ in 0..<1000 { scale.note(loss, at: now) }
            let thresholds = scale.thresholds(at: now)
            #expect((fixed.high / 10...fixed.high * 10).contains(thresholds.high))
            #expect((fixed.low / 10...fixed.low * 10).contains(thresholds.low))
        }
    }

    @Test func jobsThatAreAllAlikeAreNotAllHigh() {
        var scale = scale()
        for _ in 0..<1000 { scale.note(0.03, at: now) }
        let thresholds = scale.thresholds(at: now)
        #expect(thresholds.priority(ofLossPerSecond: 0.03) == .normal)
        // Twice as urgent as all others is high.
        #expect(thresholds.priority(ofLossPerSecond: 0.06) == .high)
    }

    @Test func whoWaitsLongEnoughOvertakesEverybody() {
        let scale = scale { $0.ageStepSeconds = 600 }
        #expect(scale.aged(0.001, dueAt: now, now: now) == 0.001)
        // Not due yet: nothing was waited.
        #expect(scale.aged(0.001, dueAt: now + 60_000, now: now) == 0.001)
        #expect(abs(scale.aged(0.001, dueAt: now, now: now + 600_000) - 0.002) < 1e-12)
        var last = 0.0
        for minutes in 0..<200 {
            let aged = scale.aged(0.001, dueAt: now, now: now + Int64(minutes) * 60_000)
            #expect(aged >= last)
            last = aged
        }
        #expect(abs(last - 0.001 * 1024) < 1e-9)
    }

    @Test func decadesLeaveNothingInfinite() {
        var scale = scale { $0.halfLifeSeconds = 1 }
        var time = now
        for index in 0..<100_000 {
            time = time + (index % 1000 == 0 ? 400_000_000_000 : 37)
            scale.note(0.01, at: time)
        }
        for _ in 0..<200 { scale.note(0.01, at: time) }
        #expect(scale.thresholds(at: time).high == 0.010_009_765_625 * 1.25 || scale.thresholds(at: time).high > 0.01)
        #expect(scale.thresholds(at: time).high.isFinite)
    }
}
