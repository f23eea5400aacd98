import Forest
import Testing

extension Forest {
    /// The margins of row-major rows by one path.
    func margins(of rows: [Float], path: ForestPath, batching: ForestBatching = .automatic) -> [Float] {
        var margins = [Float](repeating: .nan, count: rows.count / featureCount)
        var output = margins.mutableSpan
        self.margins(of: rows.span, into: &output, path: path, batching: batching)
        return margins
    }
}

extension ForestPath {
    /// The paths to be compared with the reference walk on this machine.
    static let fast = allCases.filter { $0 != .reference && $0.isSupported }
}

@Suite struct PathTests {
    typealias Shape = RandomModel.Shape

    static let shapes: [Shape] = [
        Shape(name: "stumps", trees: 200, depth: 1),
        Shape(name: "one-leaf trees", trees: 20, depth: 0),
        Shape(name: "depth 2", trees: 70, depth: 2),
        Shape(name: "depth 3, one threshold a feature", trees: 65, depth: 3, thresholds: 1),
        Shape(name: "depth 4, 15 thresholds", trees: 64, depth: 4, thresholds: 15),
        Shape(name: "depth 5, 16 thresholds", trees: 63, depth: 5, thresholds: 16),
        Shape(name: "complete, depth 6", trees: 100, depth: 6, thresholds: 200, leafChance: 0),
        Shape(name: "depth 6 of many features", trees: 80, depth: 6, features: 70),
        Shape(name: "more features than the registers of a row", trees: 60, depth: 6, features: 140),
        Shape(name: "two columns a feature", trees: 300, depth: 6, features: 2, thresholds: 600, leafChance: 0),
        Shape(name: "255 and 256 thresholds", trees: 150, depth: 6, features: 1, thresholds: 290, leafChance: 0),
        Shape(name: "depth 7", trees: 30, depth: 7),
        Shape(name: "depth 8, up to 256 leaves", trees: 20, depth: 8, leafChance: 0),
        Shape(name: "depth 10, more leaves than codes", trees: 6, depth: 10, leafChance: 0.02),
        Shape(name: "skewed to depth 40", trees: 30, depth: 40, leafChance: 0, isSkewed: true),
        Shape(name: "all depths", trees: 150, depth: 9, leafChance: 0.3),
        Shape(name: "categories", trees: 60, depth: 6, categorical: 3),
        Shape(name: "categories in deep trees", trees: 20, depth: 9, leafChance: 0.3, categorical: 6),
        Shape(name: "large sets, several chunks", trees: 9, depth: 5, leafChance: 0, categorical: 6, categories: 300),
        Shape(name: "sets of too many turns for a chunk", trees: 4, depth: 6, leafChance: 0, categorical: 5, categories: 700),
        Shape(name: "sets of too many turns for planes", trees: 4, depth: 5, categorical: 3, categories: 3000),
        Shape(name: "2000 trees", trees: 2000, depth: 3, features: 20),
        Shape(name: "several chunks", trees: 400, depth: 6, features: 60, thresholds: 250, leafChance: 0),
    ]

    @Test(arguments: Fixture.names, ForestPath.fast)
    func fixturesEqualXGBoostToTheBit(name: String, path: ForestPath) throws {
        let fixture = try Fixture(named: name)
        let forest = try Forest(xgboost: fixture.model("ubj"))
        for batching in ForestBatching.allCases {
            #expect(forest.margins(of: fixture.rows, path: path, batching: batching).bits == fixture.margins.bits, "\(batching)")
        }
    }

    @Test(arguments: shapes.indices, ForestPath.fast)
    func randomEnsemblesEqualTheReferenceWalk(index: Int, path: ForestPath) throws {
        let shape = Self.shapes[index]
        for seed in 0..<3 {
            let model = try RandomModel(shape, seed: UInt64(100 * index + seed))
            for missing in [0, 0.1] {
                let rows = model.rows(700, missing: missing, seed: UInt64(seed))
                let expected = model.forest.margins(of: rows, path: .reference).bits
                #expect(Set(expected).count > (shape.depth == 0 ? 0 : 2))
                for batching in ForestBatching.allCases {
                    let margins = model.forest.margins(of: rows, path: path, batching: batching)
                    #expect(margins.bits == expected, "\(shape.name), seed \(seed), \(batching)")
                }
            }
        }
    }

    @Test(arguments: ForestPath.fast)
    func everyNumberOfRowsIsWhole(path: ForestPath) throws {
        let shape = Shape(name: "", trees: 30, depth: 7, categorical: 1)
        let model = try RandomModel(shape, seed: 5)
        let rows = model.rows(1025, missing: 0.1, seed: 6)
        let expected = model.forest.margins(of: rows, path: .reference)
        for count in Array(1...70) + [127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 640, 1023, 1024, 1025] {
            for batching in [ForestBatching.automatic, .blocks] {
                let margins = model.forest.margins(of: Array(rows.prefix(count * shape.features)), path: path, batching: batching)
                #expect(margins.bits == expected.prefix(count).map(\.bitPattern), "\(count) rows, \(batching)")
            }
        }
    }

    @Test(arguments: ForestPath.fast)
    func threadsDoNotDisturbEachOther(path: ForestPath) async throws {
        let models = try (0..<4).map { try RandomModel(Shape(name: "", trees: 40 + 30 * $0, depth: 6), seed: UInt64($0)) }
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<32 {
                let forest = models[task % 4].forest
                let rows = models[task % 4].rows(600, missing: 0.1, seed: UInt64(task))
                group.addTask {
                    let expected = forest.margins(of: rows, path: .reference).bits
                    return (0..<5).allSatisfy { _ in forest.margins(of: rows, path: path).bits == expected }
                }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test func environmentNamesAPath() throws {
        #expect(throws: ForestError.self) { try ForestPath.named("avx") }
        #expect(try ForestPath.named("portable") == .portable)
        #expect(try ForestPath.named("") == ForestPath.named(ForestPath.fast.last?.rawValue ?? ""))
        for path in ForestPath.allCases where !path.isSupported {
            #expect(throws: ForestError.self) { try ForestPath.named(path.rawValue) }
        }
    }
}
