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
        var here = Surface(rows, encoding, weights, featureCount)
        for step in 0..<Self.maximumSteps {
            progress(Double(step) / Double(Self.maximumSteps))
            guard let direction = here.curvature.solving(here.gradient) else { break }
            var share = 1.0
            var next = moved(by: direction, share)
            var there = Surface(rows, encoding, next, featureCount)
            while !(there.loss <= here.loss), share > 1e-3 {
                share /= 2
                next = moved(by: direction, share)
                there = Surface(rows, encoding, next, featureCount)
            }
            guard there.loss < here.loss else { break }
            let gain = here.loss - there.loss
            (weights, here) = (next, there)
            if gain < Self.leastGain { break }
        }
        progress(1)
    }

    /// Log-odds of each row.
    func margins(of rows: LabelledRows) -> [Float] {
        var (columns, values): ([Int], [Double]) = ([], [])
        return (0..<rows.count).map { row in
            encoding.encode(rows.features[row * featureCount..<(row + 1) * featureCount], into: &columns, &values)
            return Float(Self.margin(columns, values, weights))
        }
    }

    private func moved(by direction: [Double], _ share: Double) -> [Double] {
        zip(weights, direction).map { $0 - share * $1 }
    }

    private static func margin(_ columns: [Int], _ values: [Double], _ weights: [Double]) -> Double {
        var sum = 0.0
        for index in columns.indices { sum += weights[columns[index]] * values[index] }
        return sum
    }

    /// The loss around some weights: one pass tells its height, slope and curvature, since encoding the rows takes most of the time.
    private struct Surface {
        /// Mean log loss with the penalty's share.
        let loss: Double
        /// Of the sum over the rows.
        private(set) var gradient: [Double]
        private(set) var curvature: SymmetricMatrix

        init(_ rows: LabelledRows, _ encoding: LinearEncoding, _ weights: [Double], _ featureCount: Int) {
            let count = encoding.columnCount
            gradient = weights.map { penalty * $0 }
            gradient[count - 1] = 0
            curvature = SymmetricMatrix(count: count)
            let step = max(1, rows.count / curvatureRows)
            let scale = Double(rows.count) / Double((rows.count + step - 1) / step)
            var (columns, values): ([Int], [Double]) = ([], [])
            var losses = 0.0
            for row in 0..<rows.count {
                encoding.encode(rows.features[row * featureCount..<(row + 1) * featureCount], into: &columns, &values)
                let margin = LogisticRegression.margin(columns, values, weights)
                let label = Double(rows.labels[row])
                losses += MarginLoss.of(margin, label)
                let probability = Logistic.probability(margin: margin)
                let error = probability - label
                for index in columns.indices { gradient[columns[index]] += error * values[index] }
                if row % step == 0 { curvature.addOuterProduct(columns, values, weight: scale * probability * (1 - probability)) }
            }
            for column in 0..<count { curvature.addToDiagonal(column, column == count - 1 ? 1e-9 : penalty) }
            let squares = weights.dropLast().reduce(0) { $0 + $1 * $1 }
            loss = losses / Double(rows.count) + penalty * squares / 2 / Double(rows.count)
        }
    }
}
