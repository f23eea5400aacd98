internal import Foundation
internal import Scoring

/// Turns a feature row into the terms of a linear model.
///
/// Categorical features become one indicator a word, cyclic ones sine and cosine, numeric ones a standardised number (its logarithm where
/// the values span orders of magnitude). What is missing counts as average and has an indicator of its own.
struct LinearEncoding {
    private enum Term {
        /// Indicator of word `index` is `first + index`.
        case words(first: Int, count: Int, missing: Int)
        case circle(sine: Int, cosine: Int, turn: Double, missing: Int)
        case number(column: Int, isLogarithm: Bool, mean: Double, scale: Double, missing: Int)
    }

    /// Rows that mean and deviation are taken from, evenly spread.
    private static let sampleRows = 100_000
    /// Largest value over mean from which a feature that is never negative enters by its logarithm.
    private static let skew = 20.0

    private var terms: [Term] = []
    /// Columns of the linear model; the last one is the constant.
    private(set) var columnCount = 0

    init(schema: FeatureSchema, rows: LabelledRows) {
        let step = max(1, rows.count / Self.sampleRows)
        for (index, feature) in schema.features.enumerated() {
            switch feature.type {
            case .categorical(let vocabulary):
                terms.append(.words(first: columnCount, count: vocabulary.count, missing: columnCount + vocabulary.count))
                columnCount += vocabulary.count + 1
            case .cyclic(_, let period):
                terms.append(
                    .circle(sine: columnCount, cosine: columnCount + 1, turn: 2 * .pi / Double(period), missing: columnCount + 2))
                columnCount += 3
            case .numeric:
                let values = stride(from: 0, to: rows.count, by: step).lazy
                    .map { Double(rows.features[$0 * schema.featureCount + index]) }.filter { !$0.isNaN }
                terms.append(Self.number(Array(values), column: columnCount))
                columnCount += 2
            }
        }
        columnCount += 1
    }

    private static func number(_ values: [Double], column: Int) -> Term {
        let count = Double(max(values.count, 1))
        let isLogarithm = (values.min() ?? -1) >= 0 && (values.max() ?? 0) > skew * values.reduce(0, +) / count
        let used = isLogarithm ? values.map { log1p($0) } : values
        let mean = used.reduce(0, +) / count
        let variance = used.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        return .number(
            column: column, isLogarithm: isLogarithm, mean: mean, scale: variance > 0 ? 1 / variance.squareRoot() : 0, missing: column + 1)
    }

    /// Replaces `columns` and `values` by the terms of a row that are not 0.
    func encode(_ row: ArraySlice<Float>, into columns: inout [Int], _ values: inout [Double]) {
        columns.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        func add(_ column: Int, _ value: Double) {
            columns.append(column)
            values.append(value)
        }
        for (term, value) in zip(terms, row) {
            switch term {
            case .words(let first, let count, let missing):
                let isWord = value >= 0 && value < Float(count)
                add(isWord ? first + Int(value) : missing, 1)
            case .circle(let sine, let cosine, let turn, let missing):
                if value.isNaN {
                    add(missing, 1)
                } else {
                    add(sine, sin(turn * Double(value)))
                    add(cosine, cos(turn * Double(value)))
                }
            case .number(let column, let isLogarithm, let mean, let scale, let missing):
                if value.isNaN {
                    add(missing, 1)
                } else {
                    let number = isLogarithm ? log1p(max(Double(value), 0)) : Double(value)
                    add(column, (number - mean) * scale)
                }
            }
        }
        add(columnCount - 1, 1)
    }
}
