import Foundation
import Testing
import Training

@Suite struct CurveTests {
    /// Rows whose probabilities have many ties or none.
    private static func rows(_ count: Int, levels: Int?, seed: UInt64) -> (probabilities: [Float], labels: [Float]) {
        var (probabilities, labels) = SamplePage.rows(count, seed: seed)
        if let levels { probabilities = probabilities.map { ($0 * Float(levels)).rounded() / Float(levels) } }
        // Both kinds, always.
        (labels[0], labels[1]) = (0, 1)
        return (probabilities, labels)
    }

    @Test(arguments: [7, nil] as [Int?], 1...5)
    func areaIsTheShareOfWonPairs(levels: Int?, seed: Int) throws {
        let rows = Self.rows(80, levels: levels, seed: UInt64(seed))
        var (wins, pairs) = (0.0, 0.0)
        for (p, y) in zip(rows.probabilities, rows.labels) where y == 1 {
            for (q, z) in zip(rows.probabilities, rows.labels) where z == 0 {
                wins += p > q ? 1 : p == q ? 0.5 : 0
                pairs += 1
            }
        }
        let curve = try #require(ROCCurve(probabilities: rows.probabilities, labels: rows.labels))
        #expect(abs(curve.auc - wins / pairs) < 1e-12)
        // Few points: the curve as drawn is the whole one.
        #expect(abs(Self.area(curve.points) - wins / pairs) < 1e-12)
    }

    @Test func aThinnedROCCurveKeepsItsShape() throws {
        let rows = Self.rows(30_000, levels: nil, seed: 4)
        let curve = try #require(ROCCurve(probabilities: rows.probabilities, labels: rows.labels))
        #expect(curve.points.count == 200)
        #expect(curve.points.first?.x == 0 && curve.points.first?.y == 0)
        #expect(curve.points.last?.x == 1 && curve.points.last?.y == 1)
        #expect(abs(Self.area(curve.points) - curve.auc) < 1e-3)
        for (before, after) in zip(curve.points, curve.points.dropFirst()) {
            #expect(before.x <= after.x && before.y <= after.y && before.threshold > after.threshold)
        }
    }

    @Test func everyPointIsWhatItsThresholdGives() throws {
        let rows = Self.rows(3000, levels: 50, seed: 5)
        let positives = Double(rows.labels.count { $0 == 1 })
        let negatives = Double(rows.labels.count) - positives
        func found(_ threshold: Double, _ label: Float) -> Double {
            Double(zip(rows.probabilities, rows.labels).count { Double($0) >= threshold && $1 == label })
        }
        for point in try #require(ROCCurve(probabilities: rows.probabilities, labels: rows.labels)).points {
            #expect(point.x == found(point.threshold, 0) / negatives)
            #expect(point.y == found(point.threshold, 1) / positives)
        }
        for point in try #require(PrecisionRecallCurve(probabilities: rows.probabilities, labels: rows.labels)).points {
            let delivered = found(point.threshold, 1)
            #expect(point.x == delivered / positives)
            #expect(point.y == delivered / (delivered + found(point.threshold, 0)))
        }
    }

    @Test func averagePrecisionByHand() throws {
        // By falling probability: delivered, failed, then one of each together.
        let curve = try #require(PrecisionRecallCurve(probabilities: [0.9, 0.8, 0.5, 0.5], labels: [1, 0, 1, 0]))
        #expect(abs(curve.averagePrecision - (0.5 * 1 + 0.5 * 2 / 4)) < 1e-12)
        #expect(curve.baseRate == 0.5)
        #expect(curve.points.map(\.x) == [0.5, 0.5, 1])
        #expect(curve.points.map(\.y) == [1, 0.5, 0.5])
    }

    @Test func aThinnedPrecisionCurveEndsAtTheBaseRate() throws {
        let rows = Self.rows(30_000, levels: nil, seed: 6)
        let curve = try #require(PrecisionRecallCurve(probabilities: rows.probabilities, labels: rows.labels))
        #expect(curve.points.count == 200)
        #expect(curve.points.last?.x == 1)
        #expect(abs((curve.points.last?.y ?? 0) - curve.baseRate) < 1e-3)
        // No gap is so wide that a feature of the curve is lost.
        for (before, after) in zip(curve.points, curve.points.dropFirst()) { #expect(after.x - before.x < 0.02) }
    }

    @Test func oneKindOfRowHasNoCurve() {
        #expect(ROCCurve(probabilities: [0.1, 0.2], labels: [1, 1]) == nil)
        #expect(ROCCurve(probabilities: [], labels: []) == nil)
        #expect(PrecisionRecallCurve(probabilities: [0.1, 0.2], labels: [0, 0]) == nil)
        #expect(ThresholdTable(probabilities: [0.1, 0.2], labels: [0, 0], operatingThreshold: 0.5) == nil)
    }

    @Test func reliabilityCountsEveryRowOnce() {
        let rows = Self.rows(5000, levels: nil, seed: 7)
        let curve = ReliabilityCurve(probabilities: rows.probabilities, labels: rows.labels)
        #expect(curve.bins.map(\.count).reduce(0, +) == 5000)
        for bin in curve.bins {
            let inside = zip(rows.probabilities, rows.labels).filter {
                Double($0.0) >= bin.range.lowerBound - 1e-7 && Double($0.0) < bin.range.upperBound - 1e-7
            }
            #expect(inside.count == bin.count)
            #expect(abs(bin.observed - Double(inside.count { $0.1 == 1 }) / Double(inside.count)) < 1e-12)
            #expect(abs(bin.predicted - inside.map { Double($0.0) }.reduce(0, +) / Double(inside.count)) < 1e-9)
            #expect(bin.interval.contains(bin.observed))
        }
    }

    @Test func certaintyBelongsToTheLastBinAndEmptyBinsAreLeftOut() throws {
        let curve = ReliabilityCurve(probabilities: [0, 1, 1], labels: [0, 1, 1])
        #expect(curve.bins.map(\.count) == [1, 2])
        #expect(curve.bins.last?.range.upperBound == 1)
        // Wilson (1927): none of one, and two of two.
        let (none, both) = (try #require(curve.bins.first).interval, try #require(curve.bins.last).interval)
        #expect(none.lowerBound == 0 && abs(none.upperBound - 0.7935) < 1e-3)
        #expect(abs(both.lowerBound - 0.3424) < 1e-3 && both.upperBound == 1)
    }

    @Test func histogramCountsEveryRowOnce() {
        let rows = Self.rows(4000, levels: nil, seed: 8)
        let histogram = ProbabilityHistogram(probabilities: rows.probabilities + [1], labels: rows.labels + [1])
        #expect(histogram.delivered.reduce(0, +) == rows.labels.count { $0 == 1 } + 1)
        #expect(histogram.failed.reduce(0, +) == rows.labels.count { $0 == 0 })
        #expect(histogram.delivered[20] == zip(rows.probabilities, rows.labels).count { $0 >= 0.5 && $0 < 0.525 && $1 == 1 })
    }

    @Test func thresholdsEqualTheCount() throws {
        // Multiples of a tenth, as floats: equal to the threshold counts as predicted.
        let rows = Self.rows(2000, levels: 10, seed: 9)
        let table = try #require(ThresholdTable(probabilities: rows.probabilities, labels: rows.labels, operatingThreshold: 0.37))
        #expect(table.rows.map(\.threshold) == [0.1, 0.2, 0.3, 0.37, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
        #expect(table.rows.filter(\.isOperating).map(\.threshold) == [0.37])
        for row in table.rows {
            let predicted = zip(rows.probabilities, rows.labels).filter { $0.0 >= Float(row.threshold) }
            let hits = Double(predicted.count { $0.1 == 1 })
            let positives = Double(rows.labels.count { $0 == 1 })
            #expect(row.predictedShare == Double(predicted.count) / 2000)
            #expect(row.precision == hits / Double(predicted.count))
            #expect(row.recall == hits / positives)
            #expect(abs(row.f1 - 2 * hits / (Double(predicted.count) + positives)) < 1e-12)
            let rightly = hits + Double(zip(rows.probabilities, rows.labels).count { $0 < Float(row.threshold) && $1 == 0 })
            #expect(abs(row.accuracy - rightly / 2000) < 1e-12)
        }
    }

    @Test(arguments: [0.5, 0.499])
    func anOperatingThresholdOnATenthIsOneRow(threshold: Double) throws {
        let table = try #require(ThresholdTable(probabilities: [0.2, 0.8], labels: [0, 1], operatingThreshold: threshold))
        #expect(table.rows.count == 9)
        #expect(table.rows[4].isOperating)
        #expect(table.rows[8].precision.isNaN && table.rows[8].f1 == 0)
    }

    private static func area(_ points: [CurvePoint]) -> Double {
        zip(points, points.dropFirst()).map { ($1.x - $0.x) * ($0.y + $1.y) / 2 }.reduce(0, +)
    }
}
