import Foundation
import Scoring
import Testing
import Training

@Suite struct HistogramsTests {
    private func numeric(_ histogram: Manifest.Histogram) throws -> (edges: [Double], counts: [Int]) {
        guard case .numeric(let edges, let counts) = histogram.bins else {
            throw TestFailure("no numeric histogram")
        }
        return (edges, counts)
    }

    private struct TestFailure: Error {
        init(_ text: String) { self.text = text }
        let text: String
    }

    @Test func countsAreThoseOfTheBins() throws {
        var generator = SeededGenerator(state: 1)
        for levels in [1, 2, 7, 1000, 1_000_000] {
            let values = (0..<3000).map { index in
                index % 50 == 0 ? Float.nan : Float(Int.random(in: 0..<levels, using: &generator))
            }
            let histogram = Histograms.numeric(values)
            let (edges, counts) = try numeric(histogram)
            #expect(edges.count <= 32 && counts.count == edges.count + 1)
            #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
            #expect(histogram.missing == 60)
            let bounds = [-Double.infinity] + edges + [Double.infinity]
            for (index, count) in counts.enumerated() {
                #expect(count == values.count { Double($0) >= bounds[index] && Double($0) < bounds[index + 1] })
            }
        }
    }

    @Test func manyValuesMakePartsOfEqualSize() throws {
        var generator = SeededGenerator(state: 2)
        let (edges, counts) = try numeric(Histograms.numeric((0..<33_000).map { _ in Float.random(in: 0...1, using: &generator) }))
        #expect(edges.count == 32)
        #expect(counts.allSatisfy { abs($0 - 1000) < 60 }, "\(counts)")
    }

    @Test func nothingButMissingHasNoEdges() throws {
        let histogram = Histograms.numeric([.nan, .nan])
        let (edges, counts) = try numeric(histogram)
        #expect(edges.isEmpty && counts == [0] && histogram.missing == 2)
    }
}
