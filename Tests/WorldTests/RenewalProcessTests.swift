import Scoring
import Testing
import World

@Suite("Renewal process")
struct RenewalProcessTests {
    private let process = RenewalProcess(key: SeedKey(seed: 5), meanMilliseconds: 60_000)
    private let start = WorldParameters.epoch

    @Test("The level is uniform and the chance to keep it falls exponentially", arguments: [5000, 30_000, 60_000, 180_000] as [Int64])
    func memoryless(elapsed: Int64) {
        let entities = 40_000
        var kept = 0
        var low = 0
        for entity in 0..<UInt64(entities) {
            let time = start + Int64(entity) * 977
            let level = process.level(of: entity, at: time)
            kept += level == process.level(of: entity, at: time + elapsed) ? 1 : 0
            low += level < 0.3 ? 1 : 0
        }
        let expected = process.persistence(over: elapsed)
        #expect(isNear(kept, of: entities, expected: expected))
        #expect(isNear(low, of: entities, expected: 0.3))
    }

    @Test("Having lasted long says nothing about how long it will last")
    func forgetsItsAge() {
        var old = 0
        var kept = 0
        for entity in 0..<UInt64(60_000) {
            let level = process.level(of: entity, at: start)
            guard level == process.level(of: entity, at: start + 60_000) else { continue }
            old += 1
            kept += level == process.level(of: entity, at: start + 90_000) ? 1 : 0
        }
        #expect(isNear(kept, of: old, expected: process.persistence(over: 30_000)))
    }

    @Test("The release is the first time at which the level is above the share")
    func release() {
        let share = 0.8
        for entity in 0..<UInt64(2000) where process.level(of: entity, at: start) < share {
            let end = process.firstRelease(of: entity, share: share, after: start, upTo: start + 300_000)
            guard let end else {
                #expect(process.level(of: entity, at: start + 300_000) < share)
                continue
            }
            #expect(process.level(of: entity, at: end + 1) >= share)
            for step in 0..<20 {
                let before = start + (end - start) * Int64(step) / 20
                #expect(before == end || process.level(of: entity, at: before) < share)
            }
        }
    }

    @Test("Times before 1970 have levels too")
    func negativeTimes() {
        let level = process.level(of: 3, at: Timestamp(milliseconds: -1_000_001))
        #expect((0..<1).contains(level))
    }
}

/// Whether `count` of `total` agrees with a probability: within five standard deviations.
func isNear(_ count: Int, of total: Int, expected: Double) -> Bool {
    let mean = Double(total) * expected
    return abs(Double(count) - mean) <= 5 * (mean * (1 - expected)).squareRoot() + 1
}
