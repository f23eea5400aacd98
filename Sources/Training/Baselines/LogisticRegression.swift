internal import Foundation
internal import Scoring

/// Logistic regression with a small L2 penalty, by Newton's method.
///
/// The gradient is exact; the curvature comes from an even part of the rows, which costs a step or two more and saves most of the time:
/// Roosta-Khorasani and Mahoney (2019), "Sub-sampled Newton methods". Rows are encoded as they are passed over, so memory stays flat.
struct LogisticRegression {
    private static let maximumSteps = 25
    private static let curvatureRows = 50_000
    private static let penalty = 1.0
    /// Nats of mean log loss; a step that gains less is the last.
    private static let leastGain = 1e-7

    private let encoding: LinearEncoding
    private let featureCount: Int
    private var weights: [Double]

    /// - Parameter progress: gets a lower bound of the share done, 0 to 1.
    init(schema: FeatureSchema, rows: LabelledRows, progress: (Double) -> Void) {
        encoding = LinearEncoding(schema: schema, rows: rows)
        featureCount = schema.featureCount
        weights = [Double](repeating: 0, count: encoding.columnCount)
        weights[encoding.columnCount - 1] = log(rows.rate / (1 - rows.rate))
        var loss = loss(of: rows, weights)
        for step in 0..<Self.maximumSteps {
            progress(Double(step) / Double(Self.maximumSteps))
            guard let direction = direction(rows) else { break }
            var share = 1.0
            var next = moved(by: direction, share)
            var nextLoss = self.loss(of: rows, next)
            while !(nextLoss <= loss), share > 1e-3 {
                share /= 2
                next = moved(by: direction, share)
                nextLoss = self.loss(of: rows, next)
            }
            guard nextLoss < loss else { break }
            let gain = loss - nextLoss
            (weights, loss) = (next, nextLoss)
            if gain < Self.leastGain { break }
        }
        progress(1)
    }

    /// Log-odds of each row.
    func margins(of rows: LabelledRows) -> [Float] {
        var (columns, values): ([Int], [Double]) = ([], [])
        return (0..<rows.count).map { row in
            encoding.encode(features(of: row, in: rows), into: &columns, &values)
            return Float(margin(columns, values, weights))
        }
    }

    private func features(of row: Int, in rows: LabelledRows) -> ArraySlice<Float> {
        rows.features[row * featureCount..<(row + 1) * featureCount]
    }

    private func margin(_ columns: [Int], _ values: [Double], _ weights: [Double]) -> Double {
        var sum = 0.0
        for index in columns.indices { sum += weights[columns[index]] * values[index] }
        return sum
    }

    /// Mean log loss with the penalty's share.
    private func loss(of rows: LabelledRows, _ weights: [Double]) -> Double {
        var (columns, values): ([Int], [Double]) = ([], [])
        let loss = MarginLoss.mean(
            (0..<rows.count).lazy.map { row in
                encoding.encode(features(of: row, in: rows), into: &columns, &values)
                return (margin(columns, values, weights), rows.labels[row])
            })
        return loss + Self.penalty * weights.dropLast().reduce(0) { $0 + $1 * $1 } / 2 / Double(rows.count)
    }

    private func moved(by direction: [Double], _ share: Double) -> [Double] {
        zip(weights, direction).map { $0 - share * $1 }
    }

    /// Newton's step; `nil` where the curvature is numerically singular.
    private func direction(_ rows: LabelledRows) -> [Double]? {
        let count = encoding.columnCount
        var gradient = weights.map { Self.penalty * $0 }
        gradient[count - 1] = 0
        var curvature = SymmetricMatrix(count: count)
        let step = max(1, rows.count / Self.curvatureRows)
        let scale = Double(rows.count) / Double((rows.count + step - 1) / step)
        var (columns, values): ([Int], [Double]) = ([], [])
        for row in 0..<rows.count {
            encoding.encode(features(of: row, in: rows), into: &columns, &values)
            let probability = Logistic.probability(margin: margin(columns, values, weights))
            let error = probability - Double(rows.labels[row])
            for index in columns.indices { gradient[columns[index]] += error * values[index] }
            if row % step == 0 { curvature.addOuterProduct(columns, values, weight: scale * probability * (1 - probability)) }
        }
        for column in 0..<count { curvature.addToDiagonal(column, column == count - 1 ? 1e-9 : Self.penalty) }
        return curvature.solving(gradient)
    }
}
