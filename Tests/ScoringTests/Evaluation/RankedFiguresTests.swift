import Foundation
import Scoring
import Testing

/// The figures that come out of one pass over ranked rows, against their definitions.
@Suite struct RankedFiguresTests {
    private func random(_ count: Int, levels: Int, _ generator: inout SeededGenerator) -> (probabilities: [Float], labels: [Float]) {
        let probabilities = (0..<count).map { _ in Float(Int.random(in: 0...levels, using: &generator)) / Float(levels) }
        return (probabilities, probabilities.map { Float.random(in: 0...1, using: &generator) < $0 ? 1 : 0 })
    }

    @Test(arguments: [4, 30, 100_000])
    func averagePrecisionIsTheSumOverThresholds(levels: Int) {
        var generator = SeededGenerator(seed: UInt64(levels))
        for _ in 0..<10 {
            let (probabilities, labels) = random(80, levels: levels, &generator)
            let positives = labels.reduce(0, +)
            guard positives > 0 else { continue }
            var (sum, recallBefore) = (Float(0), Float(0))
            for threshold in Set(probabilities).sorted(by: >) {
                let predicted = zip(probabilities, labels).filter { $0.0 >= threshold }
                let hits = predicted.reduce(0) { $0 + $1.1 }
                sum += (hits / positives - recallBefore) * hits / Float(predicted.count)
                recallBefore = hits / positives
            }
            #expect(abs(ProbabilityEvaluation(probabilities: probabilities, labels: labels).prAUC - Double(sum)) < 1e-5)
        }
    }

    @Test func operatingFiguresAreThoseOfTheConfusionMatrix() {
        var generator = SeededGenerator(seed: 3)
        for threshold in [Float(0), 0.25, 0.5, 0.9, 1] {
            let (probabilities, labels) = random(500, levels: 20, &generator)
            let rows = zip(probabilities, labels)
            let hits = Double(rows.count { $0.0 >= threshold && $0.1 == 1 })
            let alarms = Double(rows.count { $0.0 >= threshold && $0.1 == 0 })
            let misses = Double(rows.count { $0.0 < threshold && $0.1 == 1 })
            let evaluation = ProbabilityEvaluation(probabilities: probabilities, labels: labels, threshold: threshold)
            #expect(abs(evaluation[.precision] - hits / (hits + alarms)) < 1e-12)
            #expect(abs(evaluation[.recall] - hits / (hits + misses)) < 1e-12)
            #expect(abs(evaluation[.f1] - 2 * hits / (2 * hits + alarms + misses)) < 1e-12)
            let mean = probabilities.reduce(0) { $0 + Double($1) } / 500
            #expect(abs(evaluation[.bias] - (mean - evaluation.baseRate)) < 1e-9)
        }
    }

    @Test func aThresholdAboveAllPredictsNothing() {
        let evaluation = ProbabilityEvaluation(probabilities: [0.1, 0.2], labels: [0, 1], threshold: 0.9)
        #expect(evaluation[.precision].isNaN)
        #expect(evaluation[.recall] == 0)
    }

    @Test func calibrationErrorIsTheMeanDistanceOverTwentyParts() {
        var generator = SeededGenerator(seed: 8)
        let probabilities = (0..<2000).map { _ in Float.random(in: 0...1, using: &generator) }.sorted()
        #expect(Set(probabilities).count == 2000)
        let labels = probabilities.map { Float.random(in: 0...1, using: &generator) < $0 * $0 ? Float(1) : 0 }
        var error = 0.0
        for part in 0..<20 {
            let rows = part * 100..<(part + 1) * 100
            error += abs(rows.reduce(0) { $0 + Double(probabilities[$1]) } - rows.reduce(0) { $0 + Double(labels[$1]) })
        }
        #expect(abs(ProbabilityEvaluation(probabilities: probabilities, labels: labels).calibrationError - error / 2000) < 1e-9)
    }
}
