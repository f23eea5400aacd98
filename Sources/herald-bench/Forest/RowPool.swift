import Foundation

/// Rows to train on and to score: 40 numeric features, a tenth of the values missing, a label that many of them move.
struct RowPool {
    static let featureCount = 40
    static let missingShare = 0.1

    let rowCount: Int
    /// Row-major.
    let values: [Float]
    /// 0 or 1.
    let labels: [Float]

    init(rowCount: Int, seed: UInt64) {
        var random = RandomBits(seed: seed)
        var values: [Float] = []
        var labels: [Float] = []
        values.reserveCapacity(rowCount * Self.featureCount)
        labels.reserveCapacity(rowCount)
        var row = [Double](repeating: 0, count: Self.featureCount)
        for _ in 0..<rowCount {
            for feature in row.indices {
                // The sum of three uniform numbers: near enough to normal.
                let value = 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5)
                let isMissing = random.uniform() < Self.missingShare
                row[feature] = isMissing ? 0 : value
                values.append(isMissing ? .nan : Float(value))
            }
            let noise = 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5)
            labels.append(Self.signal(row) + noise > 0 ? 1 : 0)
        }
        self.rowCount = rowCount
        self.values = values
        self.labels = labels
    }

    /// All features matter, the later ones less; each bends and each meets its neighbour.
    private static func signal(_ row: [Double]) -> Double {
        row.indices.reduce(0) { sum, index in
            let (own, neighbour) = (row[index], row[(index + 1) % row.count])
            return sum + (sin(2.5 * own) + own * neighbour) / (2 + 0.2 * Double(index))
        }
    }

    /// The rows from `first` on, copied.
    func rows(_ first: Int, count: Int) -> ArraySlice<Float> {
        values[first * Self.featureCount..<(first + count) * Self.featureCount]
    }

    /// Writes the values as they are in memory, for other programs.
    func write(to path: String) throws {
        let data = values.withUnsafeBytes { Data($0) }
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw BenchmarkError("cannot write '\(path)': \(error.localizedDescription)")
        }
    }
}
