import Scoring
import Testing

/// Delays between the steps of the ladder.
struct DelaySpreadTests {
    private let spread = DelaySpread(ladder: .standard)

    @Test func theMeanDelayIsTheWantedOne() {
        let steps = [0] + DelayLadder.standard.steps.map(\.milliseconds)
        for wanted: Int64 in [1, 5000, 14_999, 40_000, 120_000, 2_000_000, 50_000_000] {
            let delays = (0..<20_000).map { spread.step(near: wanted, for: "job-\($0)") }
            let lower = steps.last { $0 <= wanted } ?? 0
            let upper = steps.first { $0 >= wanted } ?? 0
            #expect(delays.allSatisfy { $0 == lower || $0 == upper })
            let mean = Double(delays.reduce(0, +)) / Double(delays.count)
            // Four standard errors of a fair coin between the two.
            #expect(abs(mean - Double(wanted)) < 4 * Double(upper - lower) / 2 / 20_000.0.squareRoot())
        }
    }

    @Test func stepsThemselvesAreExact() {
        for step in DelayLadder.standard.steps { #expect(spread.step(near: step.milliseconds, for: "job") == step.milliseconds) }
        #expect(spread.step(near: 0, for: "job") == 0 && spread.step(near: -5, for: "job") == 0)
        #expect(spread.step(near: .max, for: "job") == 86_400_000)
    }

    @Test func jobsThatWaitForARouteComeBackEvenly() {
        let comebacks = (0..<10_000).map { spread.comeback(after: 60_000, spread: 300_000, for: "job-\($0)") }
        #expect(comebacks.allSatisfy { (60_000..<360_000).contains($0) })
        for minute in 1...5 {
            let here = comebacks.count { Int64(minute) * 60_000 <= $0 && $0 < Int64(minute + 1) * 60_000 }
            #expect((1850...2150).contains(here))
        }
        #expect(spread.comeback(after: 60_000, spread: -1, for: "job") == 60_000)
    }

    @Test func lotsAreReplayableAndNoneDecidesAnother() {
        for purpose in Lot.Purpose.allCases {
            #expect(Lot.unit("job-1", for: purpose, round: 3) == Lot.unit("job-1", for: purpose, round: 3))
            for other in Lot.Purpose.allCases where other != purpose {
                // Correlation of two uniform numbers: standard error 1/√n.
                let n = 20_000
                let sum = (0..<n).reduce(0.0) { sum, index in
                    sum + (Lot.unit("job-\(index)", for: purpose) - 0.5) * (Lot.unit("job-\(index)", for: other) - 0.5)
                }
                #expect(abs(sum / Double(n) * 12) < 4 / Double(n).squareRoot())
            }
        }
        // The value itself: another build that draws otherwise replays nothing.
        let drawn = (1...3).map { Lot.unit("job-\($0)", for: .probe, round: UInt64($0)) }
        #expect(drawn == Self.recorded)
    }

    private static let recorded = [0.9931361204174407, 0.8463540476101348, 0.8755540139450442]
}
