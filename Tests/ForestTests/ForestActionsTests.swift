import Forest
import Testing

/// Jobs with their actions, divided into what they share and what varies.
private struct Jobs {
    var shared: [Float] = []
    var varying: [Float] = []
    let counts: [Int]
    /// The same actions as whole rows.
    private(set) var rows: [Float] = []

    /// - Parameter rows: makes that many rows from a seed.
    init(_ forest: Forest, counts: [Int], varyingFeatures: [Int], seed: UInt64, rows makeRows: (Int, UInt64) -> [Float]) {
        let featureCount = forest.featureCount
        self.counts = counts
        shared = makeRows(counts.count, seed)
        let values = makeRows(counts.reduce(0, +), seed + 1)
        var action = 0
        for (job, count) in counts.enumerated() {
            for _ in 0..<count {
                var row = Array(shared[job * featureCount..<(job + 1) * featureCount])
                for feature in varyingFeatures {
                    row[feature] = values[action * featureCount + feature]
                    varying.append(row[feature])
                }
                rows += row
                action += 1
            }
        }
        // What is not to be read.
        for job in counts.indices { for feature in varyingFeatures { shared[job * featureCount + feature] = 1e9 } }
    }

    func margins(_ actions: ForestActions, _ path: ForestPath, _ batching: ForestBatching) -> [Float] {
        var margins = [Float](repeating: .nan, count: counts.reduce(0, +))
        var output = margins.mutableSpan
        actions.margins(shared: shared.span, counts: counts.span, varying: varying.span, into: &output, path: path, batching: batching)
        return margins
    }
}

@Suite struct ForestActionsTests {
    static let counts: [[Int]] = [
        [1], [36], [65], [100], [129], [272], [600], [1025],
        [12, 12, 12], [36, 36, 36, 36], [128, 20], [320, 6],
        Array(repeating: 36, count: 30),
        [0, 5, 0, 0, 63, 64, 65, 1, 0, 128, 200, 0, 513, 2, 0],
        Array(repeating: 0, count: 700) + [3] + Array(repeating: 0, count: 600) + [40, 1],
        Array(repeating: 1, count: 700),
        [0, 0], [],
    ]
    static let shapes = [
        RandomModel.Shape(name: "complete", trees: 80, depth: 6, features: 20, thresholds: 60, leafChance: 0),
        RandomModel.Shape(name: "programs and categories", trees: 30, depth: 8, features: 8, leafChance: 0.2, categorical: 3),
        RandomModel.Shape(name: "walks", trees: 4, depth: 10, features: 8, leafChance: 0),
        RandomModel.Shape(name: "two columns a feature", trees: 80, depth: 6, features: 3, thresholds: 600, leafChance: 0),
        RandomModel.Shape(name: "one-leaf trees", trees: 4, depth: 0),
        RandomModel.Shape(name: "more features than the registers of a row", trees: 60, depth: 6, features: 140),
    ]

    @Test(arguments: shapes.indices, ForestPath.allCases.filter(\.isSupported))
    func actionsEqualWholeRows(index: Int, path: ForestPath) throws {
        let model = try RandomModel(Self.shapes[index], seed: UInt64(index))
        for varyingFeatures in [[0], [2, 0, 1], [], Array(0..<model.forest.featureCount).reversed()] {
            let actions = ForestActions(model.forest, varyingFeatures: varyingFeatures)
            for (seed, counts) in Self.counts.enumerated() {
                let jobs = Jobs(model.forest, counts: counts, varyingFeatures: varyingFeatures, seed: UInt64(10 * seed)) {
                    model.rows($0, missing: 0.1, seed: $1)
                }
                let expected = model.forest.margins(of: jobs.rows, path: .reference).bits
                for batching in ForestBatching.allCases {
                    #expect(
                        jobs.margins(actions, path, batching).bits == expected,
                        "\(Self.shapes[index].name), varying \(varyingFeatures), case \(seed), \(batching)")
                }
            }
        }
    }

    /// Any batch of jobs of any numbers of actions, any set of varying features in any order.
    @Test(arguments: ForestPath.allCases.filter(\.isSupported))
    func randomBatchesEqualWholeRows(path: ForestPath) throws {
        var generator = SeededGenerator(state: 17)
        for round in 0..<60 {
            let shape = Self.shapes[round % Self.shapes.count]
            let model = try RandomModel(shape, seed: UInt64(round))
            let varyingFeatures = (0..<model.forest.featureCount).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                .shuffled(using: &generator)
            let largest = [1, 3, 30, 90, 300][Int.random(in: 0..<5, using: &generator)]
            let counts = (0..<Int.random(in: 0...1200 / largest, using: &generator) % 150).map { _ in
                Int.random(in: 0...largest, using: &generator)
            }
            let jobs = Jobs(model.forest, counts: counts, varyingFeatures: varyingFeatures, seed: UInt64(round)) {
                model.rows($0, missing: 0.1, seed: $1)
            }
            let expected = model.forest.margins(of: jobs.rows, path: .reference).bits
            let actions = ForestActions(model.forest, varyingFeatures: varyingFeatures)
            #expect(jobs.margins(actions, path, .automatic).bits == expected, "\(shape.name), varying \(varyingFeatures), \(counts)")
        }
    }

    @Test(arguments: [3, 31, 300], ForestPath.allCases.filter(\.isSupported))
    func actionsEqualWholeRowsForLightGBM(leaves: Int, path: ForestPath) throws {
        let model = RandomLightGBMModel(leaves: leaves, trees: 2000 / leaves, isSkewed: false, seed: 1)
        let forest = try Forest(lightGBM: Array(model.text.utf8))
        for varyingFeatures in [[1], [3, 0], []] {
            let actions = ForestActions(forest, varyingFeatures: varyingFeatures)
            for (seed, counts) in Self.counts.enumerated() {
                let jobs = Jobs(forest, counts: counts, varyingFeatures: varyingFeatures, seed: UInt64(10 * seed)) {
                    model.rows($0, missing: 0.1, seed: $1)
                }
                let expected = forest.margins(of: jobs.rows, path: .reference).bits
                for batching in ForestBatching.allCases {
                    #expect(jobs.margins(actions, path, batching).bits == expected, "varying \(varyingFeatures), case \(seed), \(batching)")
                }
            }
        }
    }
}
