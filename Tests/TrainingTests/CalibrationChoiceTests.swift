import Foundation
import Scoring
import Testing
import Training

@Suite struct CalibrationChoiceTests {
    private func logistic(_ margin: Float) -> Float { Float(1 / (1 + exp(-Double(margin)))) }

    /// Rows whose true chance is `truth` of their margin, two for each notification.
    private func sample(
        _ count: Int, seed: UInt64, _ truth: (Float) -> Float
    ) -> (margins: [Float], rows: EvaluationRows, chances: [Float]) {
        var generator = SeededGenerator(state: seed)
        let margins = (0..<count).map { _ in Float.random(in: -4...4, using: &generator) }
        let chances = margins.map(truth)
        let labels = chances.map { Float.random(in: 0..<1, using: &generator) < $0 ? Float(1) : 0 }
        return (margins, EvaluationRows(labels: labels, groups: (0..<count).map { $0 / 2 }), chances)
    }

    @Test func distortionIsUndoneByTheKindThatFitsIt() throws {
        let cases: [(String, @Sendable (Float) -> Float)] = [
            ("platt", { Float(1 / (1 + exp(-Double(0.4 * $0 + 0.8)))) }),
            // A step and a plateau: no logistic curve.
            ("isotonic", { $0 < -1 ? 0.05 : $0 < 2 ? 0.6 : 0.95 }),
        ]
        for (kind, truth) in cases {
            let (margins, rows, chances) = sample(20_000, seed: 6, truth)
            let choice = try CalibrationChoice(margins: margins, rows: rows, seed: 1)
            #expect(choice.calibration.kind == kind)
            let calibrated = margins.map { choice.calibration.probability(margin: $0) }
            let error = zip(calibrated, chances).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(chances.count)
            #expect(error < 0.02, "\(kind): \(error)")
            // What the model tells apart stays apart.
            let steps = stride(from: Float(-4), through: 4, by: 0.01).map { choice.calibration.probability(margin: $0) }
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }, "\(kind)")
            #expect(choice.logLosses[kind] == choice.logLosses.values.min())
            #expect(try choice == CalibrationChoice(margins: margins, rows: rows, seed: 1))
        }
    }

    @Test func whatIsCalibratedAlreadyStaysNearlyAsItIs() throws {
        let (margins, rows, _) = sample(20_000, seed: 9, logistic)
        let calibration = try CalibrationChoice(margins: margins, rows: rows, seed: 1).calibration
        for margin in stride(from: Float(-4), through: 4, by: 0.25) {
            #expect(abs(calibration.probability(margin: margin) - logistic(margin)) < 0.03)
        }
    }

    @Test func degenerateMarginsGiveTheRate() throws {
        // All equal; falling where deliveries rise; beyond all probabilities.
        let labels = (0..<1000).map { $0 % 10 < 3 ? Float(1) : 0 }
        let rows = EvaluationRows(labels: labels)
        let constant = try CalibrationChoice(margins: [Float](repeating: 2, count: 1000), rows: rows, seed: 1).calibration
        #expect(abs(constant.probability(margin: 2) - 0.3) < 0.01)
        let inverted = try CalibrationChoice(margins: labels.map { 1 - 2 * $0 }, rows: rows, seed: 1).calibration
        #expect(inverted.probability(margin: 1) >= inverted.probability(margin: -1))
        let huge = try CalibrationChoice(margins: labels.map { $0 == 1 ? 1000 : 900 }, rows: rows, seed: 1).calibration
        #expect(huge.probability(margin: 1000) <= 1)
    }

    @Test func poolingIsTheLeastSquaresFitAmongAllRisingOnes() {
        var generator = SeededGenerator(state: 13)
        for _ in 0..<200 {
            let targets = (0..<6).map { _ in Double(Int.random(in: 0...4, using: &generator)) / 4 }
            let weights = (0..<6).map { _ in Double(Int.random(in: 1...3, using: &generator)) }
            let pooled = IsotonicRegression.pooled(
                zip(targets, weights).enumerated().map {
                    .init(weight: $1.1, value: Double($0), sumOfTargets: $1.0 * $1.1)
                })
            #expect(zip(pooled, pooled.dropFirst()).allSatisfy { $0.target < $1.target && $0.last + 1 == $1.first })
            #expect(abs(pooled.reduce(0) { $0 + $1.weight } - weights.reduce(0, +)) < 1e-12)
            // Min-max formula (Robertson, Wright and Dykstra 1988, theorem 1.4.4): the fit at i is max over s ≤ i of min over t ≥ i of the mean.
            var fit: [Double] = []
            for block in pooled {
                var left = block.weight
                while left > 0.5 {
                    left -= weights[fit.count]
                    fit.append(block.target)
                }
            }
            for index in 0..<6 {
                var expected = -Double.infinity
                for start in 0...index {
                    var least = Double.infinity
                    for end in index..<6 { least = min(least, mean(of: targets, weights, start...end)) }
                    expected = max(expected, least)
                }
                #expect(abs(fit[index] - expected) < 1e-12)
            }
        }
    }

    private func mean(of targets: [Double], _ weights: [Double], _ range: ClosedRange<Int>) -> Double {
        var (sum, weight) = (0.0, 0.0)
        for index in range {
            sum += targets[index] * weights[index]
            weight += weights[index]
        }
        return sum / weight
    }
}
