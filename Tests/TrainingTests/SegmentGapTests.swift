import Foundation
import Scoring
import Testing
import Training

@Suite struct SegmentGapTests {
    /// Two groups of the same attempts; the second one's probabilities are too high by `excess`.
    private func gaps(rows: Int, excess: Float, seed: UInt64) -> [Manifest.Assessment.Gap] {
        var generator = SeededGenerator(state: seed)
        let groups = ["alpha", "beta"].enumerated().map { index, name in
            let chances = (0..<rows).map { _ in Float.random(in: 0.1...0.7, using: &generator) }
            let labels = chances.map { Float.random(in: 0..<1, using: &generator) < $0 ? Float(1) : 0 }
            let probabilities = chances.map { $0 + (index == 1 ? excess : 0) }
            let evaluation = ClusterBootstrap(resamples: 200, seed: 3).evaluate([probabilities], on: EvaluationRows(labels: labels))[0]
            return (name: name, evaluation: evaluation)
        }
        return SegmentGap.gaps(segment: "provider", groups)
    }

    @Test func aRealGapIsFlaggedAndNamed() throws {
        let gap = try #require(gaps(rows: 4000, excess: 0.1, seed: 1).first { $0.metric == "bias" })
        #expect(gap.isFlagged)
        #expect(gap.segment == "provider" && gap.lowest == "alpha" && gap.highest == "beta")
        #expect(abs(gap.gap.value - 0.1) < 0.03)
        let calibration = try #require(gaps(rows: 4000, excess: 0.1, seed: 1).first { $0.metric == "ece" })
        #expect(calibration.isFlagged)
    }

    @Test func chanceIsSeldomFlagged() {
        // Groups that do not differ: 40 pictures of three gaps, of which chance may spoil one or two.
        let flagged = (0..<40).flatMap { gaps(rows: 800, excess: 0, seed: UInt64($0)) }.count { $0.isFlagged }
        #expect(flagged <= 3, "\(flagged)")
    }

    @Test func aGapWithinItsLimitIsNotFlaggedHoweverCertain() throws {
        let gap = try #require(gaps(rows: 60_000, excess: 0.015, seed: 2).first { $0.metric == "bias" })
        #expect(try #require(gap.gap.lower) > 0)
        #expect(!gap.isFlagged)
    }

    @Test func groupsTooSmallToJudgeAreLeftOut() {
        #expect(gaps(rows: SegmentGap.minimumRows - 1, excess: 0.3, seed: 5).isEmpty)
    }
}
