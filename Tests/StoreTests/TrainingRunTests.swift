import Scoring
import Store
import Testing

@Suite struct TrainingRunTests {
    private let start = Timestamp(milliseconds: year2100)

    @Test("A run begins, tells where it is, and ends once")
    func life() throws {
        try withDatabase("runs") { database in
            try database.begin(TrainingRun(id: "r1", by: "ann", source: "data/a.csv", startedAt: start))
            try database.begin(TrainingRun(id: "r2", by: "ann", source: "mongodb", startedAt: start + 1))
            #expect(throws: StoreError.self) { try database.begin(TrainingRun(id: "r1", by: "bob", source: "x", startedAt: start)) }
            try database.report(.init(phase: "training", share: 0.25), of: "r1", at: start + 10)
            let running = try #require(try database.trainingRun("r1"))
            #expect(running.state == .running)
            #expect(running.progress == .init(phase: "training", share: 0.25))
            #expect(running.updatedAt == start + 10)
            #expect(running.endedAt == nil)
            try database.succeed("r1", version: "v7", at: start + 20)
            try database.fail("r1", error: "too late", at: start + 30)
            try database.report(.init(phase: "late", share: 1), of: "r1", at: start + 40)
            let ended = try #require(try database.trainingRun("r1"))
            #expect(ended.state == .succeeded)
            #expect(ended.version == "v7")
            #expect(ended.error == nil)
            #expect(ended.endedAt == start + 20)
            try database.fail("r2", error: String(repeating: "x", count: 5000), at: start + 50)
            #expect(try database.trainingRun("r2")?.error?.count == 2000)
            #expect(try database.trainingRuns().map(\.id) == ["r2", "r1"])
            #expect(try database.trainingRun("r3") == nil)
        }
    }

    @Test("The server refuses a run without an id")
    func validator() throws {
        try withDatabase("runs") { database in
            #expect(throws: StoreError.self) { try database.begin(TrainingRun(id: "", by: "ann", source: "x", startedAt: start)) }
        }
    }
}
