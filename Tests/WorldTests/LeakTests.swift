import Foundation
import Scoring
import Testing
import World

@Suite("The truth leaks into no feature") struct LeakTests {
    private static let delays: [Int64] = [0, 15_000, 3_600_000, 43_200_000]

    private func schema(_ world: World) throws -> FeatureSchema {
        try FeatureSchema(
            countries: ["BR", "DE", "IN", "US"], providers: Channel.allCases.flatMap { world.providerNames(for: $0) }.sorted())
    }

    /// The bits of the feature rows of a job: every delay through each of its providers.
    private func rows(_ job: Job, _ schema: FeatureSchema, health: LiveHealth = LiveHealth()) -> [UInt32] {
        var row = [Float](repeating: 0, count: schema.featureCount)
        var bits: [UInt32] = []
        for provider in job.providers.indices {
            for delay in Self.delays {
                var output = row.mutableSpan
                let action = CandidateAction(delayMilliseconds: delay, providerIndex: provider)
                schema.row(job: job, action: action, decidedAt: job.sendTime, health: health, into: &output)
                bits += row.map(\.bitPattern)
            }
        }
        return bits
    }

    @Test("First attempts: the same traffic in worlds with another hidden state has the same rows and other chances")
    func firstAttempts() throws {
        let worlds = [World(seed: 3), World(seed: 3, hiddenSeed: 4)]
        let schema = try schema(worlds[0])
        var traffic = worlds.map { TrafficGenerator(world: $0, pace: .curve(perDay: 4000), start: World.evaluationStart) }
        var differing = 0
        for _ in 0..<2000 {
            let jobs = [traffic[0].nextJob(), traffic[1].nextJob()]
            #expect(jobs[0] == jobs[1])
            #expect(rows(jobs[0], schema) == rows(jobs[1], schema))
            let chances = zip(worlds, jobs).map { world, job in
                world.trueProbability(
                    of: job, through: job.provider, at: job.sendTime, seenFrom: job.sendTime, loads: ProviderLoads())
            }
            differing += chances[0] == chances[1] ? 0 : 1
        }
        #expect(differing > 1000, "the hidden state matters")
    }

    @Test("Next attempts: whatever the cause and the chance were, the same answer gives the same rows")
    func nextAttempts() throws {
        let world = World(seed: 5)
        let schema = try schema(world)
        var traffic = TrafficGenerator(world: world, pace: .curve(perDay: 4000), start: World.evaluationStart)
        var loads = ProviderLoads()
        var failures = 0
        for index in 0..<2000 {
            let job = traffic.nextJob()
            let result = world.attempt(job, through: job.provider, at: job.sendTime, loads: &loads)
            var other = result
            other.trueProbability = Double(index) / 2000
            other.cause = result.cause.map { $0 == .outage ? .greylisting : .outage }
            guard let next = world.nextAttempt(of: job, through: job.provider, at: job.sendTime, result: result) else { continue }
            let shown = try #require(world.nextAttempt(of: job, through: job.provider, at: job.sendTime, result: other))
            #expect(rows(next, schema) == rows(shown, schema))
            failures += 1
        }
        #expect(failures > 200)
    }

    @Test("Each retry in the committed dataset shows what the row before it had as its outcome, and nothing else")
    func datasetRetries() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../data/notifications.csv").standardized.path
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let lines = bytes.split(separator: UInt8(ascii: "\n")).dropFirst()
        var last: [Substring: [Substring]] = [:]
        var retries = 0
        for line in lines {
            let row = String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
            defer { last[row[1]] = row }
            guard row[11] != "0" else {
                #expect(row[12] == "none" && row[13].isEmpty && row[14].isEmpty && row[15].isEmpty)
                continue
            }
            let before = try #require(last[row[1]], "attempt \(row[0]) has none before it")
            #expect(Int(before[11]).map { $0 + 1 } == Int(row[11]))
            #expect(row[12...14].elementsEqual(before[19...21]), "\(row[0])")
            let decided = try #require(Timestamp(rfc3339: String(before[9])))
            let attempted = try #require(Timestamp(rfc3339: String(row[15])))
            #expect(attempted - decided == Int64(before[16]))
            let known = attempted + (Int64(before[21]) ?? 0)
            let now = try #require(Timestamp(rfc3339: String(row[9])))
            #expect((0..<1000).contains(now - known), "decided in the second in which it was known")
            retries += 1
        }
        #expect(retries > 30_000)
    }
}
