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
            // Above, as far as ten doublings of ageing go.
            #expect((fixed.high / 10...fixed.high * 1024).contains(thresholds.high))
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

    /// The share of `count` jobs with this loss, one a second, that is high.
    private func highShare(of count: Int, losing loss: (_ index: Int) -> Double, _ scale: inout PriorityScale) -> Double {
        var high = 0
        for index in 0..<count {
            let time = now + Int64(index) * 1000
            let boundary = scale.boundary(at: time)
            #expect(boundary.tiesFrom <= boundary.thresholds.high && (0...1).contains(boundary.tieShare))
            let thresholds = boundary.thresholds(for: "job-\(index)")
            #expect(thresholds == boundary.thresholds(for: "job-\(index)") && thresholds.low <= thresholds.high)
            if thresholds.priority(ofLossPerSecond: loss(index)) == .high { high += 1 }
            scale.note(loss(index), at: time)
        }
        return Double(high) / Double(count)
    }

    @Test(arguments: [0.003, 0.03, 0.2, 0.23, 2, 20]) func ofJobsThatAreAllAlikeTheShareIsHigh(loss: Double) {
        var scale = scale()
        let share = highShare(of: 20_000, losing: { _ in loss }, &scale)
        // The first fifty go by the fixed threshold.
        #expect((0.19...0.21).contains(share), "\(share)")
        // Whoever waits is high without a draw.
        let boundary = scale.boundary(at: now + 20_000_000)
        let aged = scale.aged(loss, dueAt: now, now: now + 1_800_000)
        #expect((0..<100).allSatisfy { boundary.thresholds(for: "old-\($0)").priority(ofLossPerSecond: aged) == .high })
    }

    @Test func ofThreeKindsTheMostUrgentAreHighAndTheNextFillTheShare() {
        // A tenth codes, a third alerts, else what can wait.
        func kind(_ index: Int) -> Double { index % 10 == 0 ? 0.23 : index % 3 == 0 ? 0.008 : 0.000_16 }
        var scale = scale()
        #expect((0.19...0.21).contains(highShare(of: 20_000, losing: kind, &scale)))
        let boundary = scale.boundary(at: now + 20_000_000)
        func high(_ loss: Double) -> Int {
            (0..<1000).count { boundary.thresholds(for: "j-\($0)").priority(ofLossPerSecond: loss) == .high }
        }
        #expect(high(0.23) == 1000 && (250...420).contains(high(0.008)) && high(0.000_16) == 0)
    }

    @Test func onAQuietDayNothingIsHighThatCanWait() {
        var scale = scale()
        #expect(highShare(of: 5000, losing: { _ in 0.000_008 }, &scale) == 0)
    }

    @Test func ageingOvertakesWhateverTheLoad() {
        var scale = scale()
        _ = highShare(of: 5000, losing: { _ in 1e9 }, &scale)
        let boundary = scale.boundary(at: now + 5_000_000)
        // What is urgent on an ordinary day has waited five hours.
        let aged = scale.aged(fixed.high, dueAt: now, now: now + 18_000_000)
        #expect(boundary.thresholds.priority(ofLossPerSecond: aged) == .high)
        #expect(boundary.thresholds.priority(ofLossPerSecond: fixed.high) == .normal)
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
