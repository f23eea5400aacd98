import Scoring
import Testing
import World

@Suite("Dataset")
struct DatasetWriterTests {
    /// The dataset's bytes.
    static func bytes(rows: Int, seed: UInt64, scenario: Scenario = .default) -> [UInt8] {
        let world = World(seed: seed, scenario: scenario)
        var log = AttemptLog(world: world, withTruth: false)
        var bytes: [UInt8] = []
        DatasetWriter(world: world).write(rows: rows, of: &log, to: { bytes += $0 })
        return bytes
    }

    @Test("The same seed gives the same bytes, another seed others")
    func sameSeedSameBytes() {
        let first = Self.bytes(rows: 5000, seed: 7)
        #expect(first == Self.bytes(rows: 5000, seed: 7))
        #expect(first != Self.bytes(rows: 5000, seed: 8))
        #expect(Self.bytes(rows: 1000, seed: 7).elementsEqual(first.prefix(Self.bytes(rows: 1000, seed: 7).count)))
    }
}
