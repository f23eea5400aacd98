import Foundation
import Scoring
import Testing
import Training

@Suite struct ComparisonTests {
    @Test func aComparisonTellsABetterModelFromAnEqualOne() throws {
        var generator = SeededGenerator(state: 21)
        var (chances, labels, groups): ([Float], [Float], [Int]) = ([], [], [])
        for group in 0..<4000 {
            let chance = Float.random(in: 0.05...0.95, using: &generator)
            chances.append(chance)
            labels.append(Float.random(in: 0...1, using: &generator) < chance ? 1 : 0)
            groups.append(group / 2)
        }
        let blurred = chances.map { 0.5 + ($0 - 0.5) * 0.6 }
        let equal = chances.map { min(max($0 + Float.random(in: -0.01...0.01, using: &generator), 0), 1) }
        let rows = EvaluationRows(labels: labels, groups: groups)
        let results = ClusterBootstrap(resamples: 200, seed: 5).evaluate([chances, blurred, equal], on: rows)
        let better = Comparison(results[0], against: results[1])
        #expect(better.verdict == .better)
        let worse = Comparison(results[1], against: results[0])
        #expect(worse.verdict == .worse)
        #expect(Comparison(results[0], against: results[2]).verdict == .indistinguishable)
        let difference = try #require(better.differences["log_loss"])
        #expect(difference.value == results[0].evaluation.logLoss - results[1].evaluation.logLoss)
        #expect(worse.differences["log_loss"]?.value == -difference.value)
        // Paired: far narrower than the intervals of the two figures.
        let own = try #require(results[0].metric(.logLoss))
        #expect(try #require(difference.upper) - (try #require(difference.lower)) < (try #require(own.upper)) - (try #require(own.lower)))
        // The same order, hence the same AUC.
        #expect(better.differences["auc"]?.value == 0)
    }
}
