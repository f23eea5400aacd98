import Scoring
import Store
import Synchronization
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

    @Test("One run at a time holds the slot, which its end gives back")
    func slot() throws {
        try withDatabase("runs_slot") { database in
            func run(_ id: String) -> TrainingRun {
                TrainingRun(id: id, by: "ann", source: "mongodb", startedAt: start, state: .queued, slot: .init(holder: "here \(id)"))
            }
            #expect(try database.claim(run("r1")) == nil)
            #expect(try database.claim(run("r2"))?.id == "r1")
            #expect(try database.trainingRun("r2") == nil)
            #expect(try database.slotHolder()?.slot == .init(holder: "here r1"))
            // Runs of the command line need none.
            try database.begin(TrainingRun(id: "r3", by: "bob", source: "x", startedAt: start))

            var going = run("r1")
            going.state = .running
            going.progress = .init(phase: "boosting", share: 0.5, done: 20)
            going.log = String(repeating: "a line\n", count: 20_000)
            try database.keepAlive(going, at: start + 10)
            let stored = try #require(try database.trainingRun("r1"))
            #expect(stored.state == .running)
            #expect(stored.progress == going.progress)
            #expect(stored.log.utf8.count <= Database.longestTrainingLog && stored.log.utf8.count > 60_000)
            #expect(stored.log.hasPrefix("a line\n"))
            #expect(try database.trainingRuns().allSatisfy { $0.log.isEmpty })

            going.state = .cancelled
            try database.end(going, at: start + 20)
            going.state = .failed
            try database.end(going, at: start + 30)
            #expect(try database.trainingRun("r1")?.state == .cancelled)
            #expect(try database.trainingRun("r1")?.endedAt == start + 20)
            #expect(try database.slotHolder() == nil)
            #expect(try database.claim(run("r2")) == nil)
        }
    }

    @Test("Of many orders at once one gets the slot")
    func claims() throws {
        try withDatabase("runs_claims") { database in
            let winners = Mutex<[String]>([])
            let failures = Mutex<[String]>([])
            onThreads(8) { index in
                let run = TrainingRun(
                    id: "r\(index)", by: "ann", source: "mongodb", startedAt: start, state: .queued, slot: .init(holder: "x"))
                do {
                    if try database.claim(run) == nil { winners.withLock { $0.append(run.id) } }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(winners.withLock { $0.count } == 1)
        }
    }

    @Test("The server refuses a run without an id")
    func validator() throws {
        try withDatabase("runs") { database in
            #expect(throws: StoreError.self) { try database.begin(TrainingRun(id: "", by: "ann", source: "x", startedAt: start)) }
        }
    }
}
