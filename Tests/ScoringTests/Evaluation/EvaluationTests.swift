import Foundation
import Scoring
import Testing

@Suite struct EvaluationTests {
    @Test func knownValues() {
        let evaluation = ProbabilityEvaluation(probabilities: [0.25, 0.75, 0.5, 0.5], labels: [0, 1, 1, 0])
        #expect(evaluation.baseRate == 0.5)
        #expect(evaluation.brier == (0.0625 + 0.0625 + 0.25 + 0.25) / 4)
        #expect(abs(evaluation.logLoss - (log(4.0 / 3) * 2 + log(2.0) * 2) / 4) < 1e-12)
        // Pairs: (0.75, 0.25) won, (0.75, 0.5) won, (0.5, 0.25) won, (0.5, 0.5) tied.
        #expect(evaluation.auc == 3.5 / 4)
    }

    @Test func aucEqualsTheCountOverAllPairs() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            let probabilities = (0..<60).map { _ in Float(Int.random(in: 0..<12, using: &generator)) / 12 }
            let labels = (0..<60).map { _ in Bool.random(using: &generator) ? Float(1) : 0 }
            var (wins, pairs) = (0.0, 0.0)
            for (p, y) in zip(probabilities, labels) where y == 1 {
                for (q, z) in zip(probabilities, labels) where z == 0 {
                    wins += p > q ? 1 : p == q ? 0.5 : 0
                    pairs += 1
                }
            }
            #expect(ProbabilityEvaluation(probabilities: probabilities, labels: labels).auc == wins / pairs)
        }
    }

    @Test func oneKindOfRowHasNoAUC() {
        #expect(ProbabilityEvaluation(probabilities: [0.2, 0.4], labels: [1, 1]).auc.isNaN)
    }

    @Test func certaintyThatIsWrongStaysFinite() {
        #expect(ProbabilityEvaluation(probabilities: [1, 0], labels: [0, 1]).logLoss.isFinite)
    }

    @Test func calibrationErrorIsTheDistanceFromTheObservedRate() {
        // A constant is one group, however many rows.
        let labels = (0..<1000).map { $0 % 10 < 3 ? Float(1) : 0 }
        let constant = ProbabilityEvaluation(probabilities: Array(repeating: 0.5, count: 1000), labels: labels)
        #expect(abs(constant.calibrationError - 0.2) < 1e-12)
        // Two groups that are off by the same amount in opposite directions do not cancel.
        let opposite = ProbabilityEvaluation(
            probabilities: Array(repeating: 0.25, count: 500) + Array(repeating: 0.75, count: 500),
            labels: (0..<1000).map { $0 % 2 == 0 ? 1 : 0 })
        #expect(abs(opposite.calibrationError - 0.25) < 1e-12)
    }

    @Test func calibrationErrorDoesNotDependOnTheOrderOfRows() {
        var generator = SeededGenerator(seed: 9)
        let rows = (0..<777).map { _ in (Float.random(in: 0...1, using: &generator), Bool.random(using: &generator) ? Float(1) : 0) }
        let shuffled = rows.shuffled(using: &generator)
        let errors = [rows, shuffled].map { ProbabilityEvaluation(probabilities: $0.map(\.0), labels: $0.map(\.1)).calibrationError }
        #expect(abs(errors[0] - errors[1]) < 1e-12)
        // Twenty groups: fine enough to see the noise of labels that ignore the probability.
        #expect(errors[0] > 0.15)
    }
}
