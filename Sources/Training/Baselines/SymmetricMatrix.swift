/// A symmetric matrix, of which the lower triangle is kept.
struct SymmetricMatrix {
    private let count: Int
    /// Row-major.
    private var elements: [Double]

    init(count: Int) {
        self.count = count
        elements = [Double](repeating: 0, count: count * count)
    }

    /// Adds `weight` · x · xᵀ for the sparse vector x with ascending or equal `columns`.
    mutating func addOuterProduct(_ columns: [Int], _ values: [Double], weight: Double) {
        for i in columns.indices {
            let row = columns[i] * count
            let scaled = weight * values[i]
            for j in 0...i { elements[row + columns[j]] += scaled * values[j] }
        }
    }

    mutating func addToDiagonal(_ index: Int, _ value: Double) {
        elements[index * count + index] += value
    }

    /// The solution of matrix · x = `right`, by Cholesky's decomposition; `nil` where the matrix is not positive definite.
    consuming func solving(_ right: [Double]) -> [Double]? {
        for column in 0..<count {
            var diagonal = elements[column * count + column]
            for k in 0..<column { diagonal -= elements[column * count + k] * elements[column * count + k] }
            guard diagonal > 0 else { return nil }
            let root = diagonal.squareRoot()
            elements[column * count + column] = root
            for row in (column + 1)..<max(count, column + 1) {
                var sum = elements[row * count + column]
                for k in 0..<column { sum -= elements[row * count + k] * elements[column * count + k] }
                elements[row * count + column] = sum / root
            }
        }
        var solution = right
        for row in 0..<count {
            for k in 0..<row { solution[row] -= elements[row * count + k] * solution[k] }
            solution[row] /= elements[row * count + row]
        }
        for row in (0..<count).reversed() {
            for k in (row + 1)..<max(count, row + 1) { solution[row] -= elements[k * count + row] * solution[k] }
            solution[row] /= elements[row * count + row]
        }
        return solution
    }
}
