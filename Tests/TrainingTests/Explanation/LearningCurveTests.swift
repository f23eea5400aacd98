import Foundation
import Testing
import Training

@Suite struct LearningCurveTests {
    private static func parameters(_ rate: Double) -> [(name: String, value: String)] {
        [
            ("objective", "binary:logistic"), ("tree_method", "hist"), ("max_depth", "4"), ("eta", "0.3"), ("nthread", "1"),
            ("base_score", "\(rate)"), ("disable_default_eval_metric", "1"), ("verbosity", "0"),
        ]
    }

    /// Rows with three features that matter; `notifications[i]` is the number of row i's notification.
    private static func rows(_ notifications: [Int], seed: UInt64) -> LearningCurve.Rows {
        var generator = SeededGenerator(state: seed)
        var rows = LearningCurve.Rows(features: [], labels: [], notifications: notifications)
        for _ in notifications {
            let values = (0..<3).map { _ in Float.random(in: -1...1, using: &generator) }
            let logit = Double(2 * values[0] + 1.5 * values[1] * values[2] * 2)
            rows.features += values
            rows.labels.append(Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-logit)) ? 1 : 0)
        }
        return rows
    }

    private static func measure(_ training: LearningCurve.Rows, _ test: LearningCurve.Rows, seed: UInt64 = 1) throws -> LearningCurve {
        try LearningCurve.measure(
            training: training, test: test, columnCount: 3, trees: 20, seed: seed, threads: 1, parameters: parameters)
    }

    @Test func moreRowsMakeABetterModel() throws {
        let training = Self.rows((0..<6000).map { $0 / 2 }, seed: 1)
        var shares: [Double] = []
        let test = Self.rows(Array(0..<3000), seed: 2)
        let curve = try LearningCurve.measure(
            training: training, test: test, columnCount: 3, trees: 20, seed: 1, threads: 1, parameters: Self.parameters
        ) { shares.append($0) }
        #expect(curve.points.map(\.share) == [0.1, 0.2, 0.4, 0.7, 1])
        #expect(curve.trees == 20)
        let rows = curve.points.map(\.trainingRows)
        #expect(rows == rows.sorted() && rows.last == 6000)
        for point in curve.points { #expect(abs(Double(point.trainingRows) - 6000 * point.share) < 300) }
        let (first, last) = (try #require(curve.points.first), try #require(curve.points.last))
        #expect(last.logLoss < first.logLoss - 0.02)
        #expect(last.auc > first.auc + 0.005)
        #expect(last.auc > 0.75 && last.logLoss < 0.6)
        #expect(shares == shares.sorted() && shares.last == 1)
        #expect(try Self.measure(training, test) == curve)
        #expect(try Self.measure(training, test, seed: 2) != curve)
    }

    @Test func notificationsStayWholeAndSmallerSharesLieInLargerOnes() throws {
        // Notification i has 2^i rows, so that the number of rows tells which notifications there were.
        let training = Self.rows((0..<13).flatMap { Array(repeating: $0, count: 1 << $0) }, seed: 3)
        let test = Self.rows(Array(0..<300), seed: 4)
        for seed in 1...8 {
            let points = try Self.measure(training, test, seed: UInt64(seed)).points
            #expect(points.last?.trainingRows == 8191)
            for (smaller, larger) in zip(points, points.dropFirst()) {
                #expect(smaller.trainingRows & larger.trainingRows == smaller.trainingRows)
            }
        }
    }

    @Test func aShareOfOneKindHasNoPoint() throws {
        var training = Self.rows(Array(repeating: 7, count: 500), seed: 5)
        let test = Self.rows(Array(0..<300), seed: 6)
        // One notification is in every share or only in the whole.
        #expect(try Self.measure(training, test).points.allSatisfy { $0.trainingRows == 500 })
        training.labels = Array(repeating: 1, count: 500)
        #expect(try Self.measure(training, test).points.isEmpty)
    }
}
