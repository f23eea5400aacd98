import Foundation
import Scoring
import Testing

@Suite struct ClusterBootstrapTests {
    /// Notifications of one to five attempts whose outcomes hang together: a notification's own chance is `0.5 ± spread`.
    private func sample(
        _ notifications: Int, spread: Float, _ generator: inout SeededGenerator
    ) -> (probabilities: [Float], labels: [Float], groups: [Int]) {
        var sample: (probabilities: [Float], labels: [Float], groups: [Int]) = ([], [], [])
        for group in 0..<notifications {
            let chance = 0.5 + (Bool.random(using: &generator) ? spread : -spread)
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                sample.probabilities.append(0.5)
                sample.labels.append(Float.random(in: 0...1, using: &generator) < chance ? 1 : 0)
                sample.groups.append(group * 7 + 100)
            }
        }
        return sample
    }

    /// Of how many samples the interval of the Brier-like base rate holds the true value 0.5.
    private func coverage(samples: Int, byNotification: Bool) throws -> Double {
        var generator = SeededGenerator(seed: 11)
        var covered = 0
        for index in 0..<samples {
            let drawn = sample(120, spread: 0.45, &generator)
            let rows = EvaluationRows(labels: drawn.labels, groups: byNotification ? drawn.groups : nil)
            let evaluation = ClusterBootstrap(resamples: 200, seed: UInt64(index)).evaluate([drawn.probabilities], on: rows)[0]
            let rate = try #require(evaluation.metric(.baseRate))
            covered += try #require(rate.lower) <= 0.5 && 0.5 <= (try #require(rate.upper)) ? 1 : 0
        }
        return Double(covered) / Double(samples)
    }

    @Test func intervalsHoldTheTruthNineteenTimesInTwenty() throws {
        // 400 samples: 95 % ± 2.2 %; small samples cost percentile intervals a little.
        let coverage = try coverage(samples: 400, byNotification: true)
        #expect(coverage > 0.91 && coverage < 0.98, "\(coverage)")
        // Rows drawn one by one would pretend to know more.
        #expect(try self.coverage(samples: 200, byNotification: false) < 0.85)
    }

    @Test func theSameSeedGivesTheSameIntervals() {
        var generator = SeededGenerator(seed: 2)
        let drawn = sample(50, spread: 0.2, &generator)
        let rows = EvaluationRows(labels: drawn.labels, groups: drawn.groups)
        let probabilities = drawn.probabilities.map { _ in Float.random(in: 0.2...0.8, using: &generator) }
        let runs = [1, 1, 2].map { ClusterBootstrap(resamples: 60, seed: $0).evaluate([probabilities], on: rows)[0] }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
        #expect(runs[0].metrics["auc"] != runs[2].metrics["auc"])
    }

    @Test func theFigureItselfIsThatOfAllRowsAndInItsInterval() throws {
        var generator = SeededGenerator(seed: 4)
        let drawn = sample(300, spread: 0.4, &generator)
        let probabilities = drawn.labels.map { Float.random(in: 0.1...0.6, using: &generator) + $0 * 0.3 }
        let rows = EvaluationRows(labels: drawn.labels, groups: drawn.groups)
        let result = ClusterBootstrap(resamples: 100, seed: 1).evaluate([probabilities], on: rows, threshold: 0.5)[0]
        #expect(result.evaluation == ProbabilityEvaluation(probabilities: probabilities, labels: drawn.labels, threshold: 0.5))
        for metric in EvaluationMetric.allCases {
            let figure = try #require(result.metric(metric))
            #expect(figure.value == result.evaluation[metric])
            #expect(try #require(figure.lower) <= figure.value && figure.value <= (try #require(figure.upper)), "\(metric)")
        }
    }

    @Test func withoutResamplesThereAreNoIntervals() throws {
        let rows = EvaluationRows(labels: [0, 1, 1])
        let result = ClusterBootstrap(resamples: 0).evaluate([[0.2, 0.6, 0.7]], on: rows)[0]
        #expect(result.metric(.auc)?.value == 1)
        #expect(result.metric(.auc)?.lower == nil)
    }

    @Test func aFigureThatIsNotDefinedIsLeftOut() {
        let rows = EvaluationRows(labels: [1, 1, 1])
        let result = ClusterBootstrap(resamples: 50).evaluate([[0.2, 0.6, 0.7]], on: rows)[0]
        #expect(result.metric(.auc) == nil)
        #expect(result.metrics["auc"] == nil)
        #expect(result.metrics["log_loss"] != nil)
    }
}
