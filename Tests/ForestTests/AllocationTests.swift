internal import CAllocationCount
import Forest
import Testing

/// After a thread's first calls nothing is allocated: neither for rows nor for actions.
@Suite(.enabled(if: allocation_count() >= 0, "allocations are counted with glibc only")) struct AllocationTests {
    static let shapes = [
        RandomModel.Shape(name: "leaf codes", trees: 100, depth: 6, features: 20, leafChance: 0),
        RandomModel.Shape(name: "programs, ranked trees and categories", trees: 40, depth: 8, features: 8, leafChance: 0.2, categorical: 3),
        RandomModel.Shape(name: "walks", trees: 4, depth: 10, features: 8, leafChance: 0),
    ]

    @Test func allocationsAreCounted() {
        let before = allocation_count()
        let values = (0..<Int.random(in: 100...200)).map { _ in Float.random(in: 0...1) }
        #expect(allocation_count() > before, "\(values.count) values")
    }

    @Test(arguments: shapes.indices, ForestPath.allCases.filter(\.isSupported))
    func rowsAllocateNothing(index: Int, path: ForestPath) throws {
        let model = try RandomModel(Self.shapes[index], seed: 1)
        try expectNone(model.forest, path) { model.rows($0, missing: 0.1, seed: 2) }
    }

    @Test(arguments: [7, 31, 300], ForestPath.allCases.filter(\.isSupported))
    func rowsOfLightGBMAllocateNothing(leaves: Int, path: ForestPath) throws {
        let model = RandomLightGBMModel(leaves: leaves, trees: 30, isSkewed: false, seed: 1)
        try expectNone(try Forest(lightGBM: Array(model.text.utf8)), path) { model.rows($0, missing: 0.1, seed: 2) }
    }

    private func expectNone(_ forest: Forest, _ path: ForestPath, rows makeRows: (Int) -> [Float]) throws {
        for count in [1, 5, 40, 200, 1025] {
            let rows = makeRows(count)
            var margins = [Float](repeating: 0, count: count)
            var doubles = [Double](repeating: 0, count: count)
            var floatOutput = margins.mutableSpan
            var allocated: Int64 = 0
            for call in 0..<4 {
                let before = allocation_count()
                forest.margins(of: rows.span, into: &floatOutput, path: path)
                if call > 0 { allocated += allocation_count() - before }
            }
            var doubleOutput = doubles.mutableSpan
            for call in 0..<4 {
                let before = allocation_count()
                forest.margins(of: rows.span, into: &doubleOutput, path: path)
                if call > 0 { allocated += allocation_count() - before }
            }
            #expect(allocated == 0, "\(count) rows")
        }
    }

    @Test(arguments: shapes.indices, ForestPath.allCases.filter(\.isSupported))
    func actionsAllocateNothing(index: Int, path: ForestPath) throws {
        let model = try RandomModel(Self.shapes[index], seed: 1)
        let actions = ForestActions(model.forest, varyingFeatures: [4, 1])
        for counts in [[36], [3, 0, 70, 1], Array(repeating: 12, count: 64), [600, 2]] {
            let shared = model.rows(counts.count, missing: 0.1, seed: 3)
            let total = counts.reduce(0, +)
            let varying = [Float](repeating: 0.5, count: 2 * total)
            var margins = [Float](repeating: 0, count: total)
            var output = margins.mutableSpan
            var allocated: Int64 = 0
            for call in 0..<4 {
                let before = allocation_count()
                actions.margins(shared: shared.span, counts: counts.span, varying: varying.span, into: &output, path: path)
                if call > 0 { allocated += allocation_count() - before }
            }
            #expect(allocated == 0, "\(counts.count) jobs, \(total) actions")
        }
    }
}
