import Broker
import Foundation
import Scoring
import Store
import Synchronization
import Testing

extension WholeLine {
    /// Another champion is taken under load, between two batches, and a broken one is not.
    @Suite struct HotSwapTests {
        private let limit: Int64 = 2000

        @Test("Promote, refuse what is broken, roll back: each within 2 s under load, no batch mixed", arguments: ["mongodb", "disk"])
        func underLoad(store: String) throws {
            try Line.run("swap-\(store)") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two", "three"], store: store)
                let scorer = try line.startScorer(settings: models.settings)
                let load = try Load(on: line)

                try load.awaitDecisions(2000)
                let promoted = try models.run("promote", "two", "--as", "ann", "--reason", "better")
                #expect(promoted.exitCode == 0, "\(promoted.text)")
                let promotedAt = Timestamp.now
                try scorer.awaitStatus("two is in use", within: .milliseconds(limit + 1500)) { $0.model == "two" }

                // What `promote` itself would refuse reaches the scorer all the same.
                let brokenAt = Timestamp.now
                try models.makeBrokenChampion("three")
                try scorer.awaitOutput("the champion three is broken and refused; two stays in use")
                // Ten more looks.
                try load.awaitTime(brokenAt + 5000)
                let refusals = try models.events().filter { $0.kind == .refused && $0.to == "three" && $0.from == "two" }
                #expect(refusals.count == 1)
                #expect(scorer.standardError.components(separatedBy: "is broken and refused").count == 2, "said once")

                #expect(try models.run("rollback").exitCode == 0)
                #expect(try models.champion() == "two", "the champion before the broken one")
                let beforeRollback = Timestamp.now
                let again = try models.run("rollback", "--as", "bob")
                #expect(again.exitCode == 0, "\(again.text)")
                let rolledBackAt = Timestamp.now
                #expect(try models.champion() == "one")
                try scorer.awaitStatus("one is in use", within: .milliseconds(limit + 1500)) { $0.model == "one" }
                try load.awaitTime(rolledBackAt + limit + 1000)

                let count = try load.stop()
                try line.awaitDecisions(count)
                try scorer.stopCleanly()
                let decisions = try line.decidedModels()
                #expect(decisions.count == count, "nothing lost, nothing twice")
                try expectOneModelABatch(decisions)
                #expect(decisions.filter { $0.at < promotedAt }.contains { $0.model == "one" })
                expectOnly("two", in: decisions, from: promotedAt + limit, to: beforeRollback)
                expectOnly("one", in: decisions, from: rolledBackAt + limit, to: .init(milliseconds: .max))
            }
        }

        @Test("Without a champion, and with a broken one, the rules decide until there is a good one", arguments: ["mongodb", "disk"])
        func firstChampion(store: String) throws {
            try Line.run("swap-first-\(store)") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two"], store: store, champion: nil)
                let scorer = try line.startScorer(settings: models.settings)
                try line.publish((0..<10).map { TestJob($0, id: "vacant", now: .now) })
                try line.awaitDecisions(10)
                try models.makeBrokenChampion("two")
                try scorer.awaitOutput("the champion two is broken and refused; none stays in use")
                try scorer.stopCleanly()

                let second = try line.startScorer(settings: models.settings)
                try second.awaitOutput("the champion two is broken and refused; none stays in use")
                try line.publish((0..<10).map { TestJob($0, id: "broken", now: .now) })
                try line.awaitDecisions(20)
                #expect(try line.decidedModels().allSatisfy { $0.model == "none" })
                #expect(try models.events().filter { $0.kind == .refused }.count == 1, "two scorers refused the same")

                if store == "mongodb" {
                    let refused = try models.run("promote", "one")
                    #expect(refused.exitCode == 1)
                    #expect(refused.standardError.contains("the champion two cannot be read"))
                }
                #expect(try models.run("promote", "one", "--force").exitCode == 0)
                try second.awaitStatus("one is in use", within: .milliseconds(limit + 1500)) { $0.model == "one" }
                try line.publish((0..<10).map { TestJob($0, id: "good", now: .now) })
                try line.awaitDecisions(30)
                #expect(try line.decidedModels().filter { $0.model == "one" }.count == 10)
                try second.stopCleanly()
            }
        }

        @Test("A scorer elsewhere, whose folder is empty, gets the champion from MongoDB and keeps a copy")
        func fromMongoDB() throws {
            try Line.run("swap-remote") { line in
                let models = try ModelsUnderTest(line, versions: ["one"], store: "mongodb")
                #expect(try models.run("promote", "one").exitCode == 1, "it is the champion by the link")
                #expect(try models.run("challenge", "one").exitCode == 0)
                #expect(try models.run("register", "one").exitCode == 0)
                try ModelsUnderTest.write(["two"], to: "\(line.folder)/models")
                #expect(try models.run("promote", "two").exitCode == 0)
                let scorer = try line.startScorer(settings: ["scoring.model=elsewhere/champion"])
                try scorer.awaitStatus("two is in use") { $0.model == "two" }
                try scorer.stopCleanly()
                #expect(try ArtifactFolder("\(line.folder)/elsewhere/champion").verify().modelVersion == "two")
            }
        }

        /// All decisions of a batch are taken at one time.
        private func expectOneModelABatch(_ decisions: [DecidedModel]) throws {
            let batches = Dictionary(grouping: decisions, by: \.at)
            #expect(batches.values.contains { $0.count > 1 })
            let mixed = batches.filter { Set($0.value.map(\.model)).count > 1 }
            #expect(mixed.isEmpty, "\(mixed.keys)")
        }

        private func expectOnly(_ model: String, in decisions: [DecidedModel], from: Timestamp, to: Timestamp) {
            let found = decisions.filter { $0.at >= from && $0.at < to }
            #expect(!found.isEmpty)
            #expect(found.allSatisfy { $0.model == model }, "\(Set(found.map(\.model)))")
        }
    }
}

/// When a decision was taken, and with which model.
private struct DecidedModel {
    var at: Timestamp
    var model: String
}

extension Line {
    /// Of every decision in the log.
    fileprivate func decidedModels() throws -> [DecidedModel] {
        // One document with columns, below the server's limit for it.
        let query = """
            {"aggregate": "decisions", "cursor": {}, "pipeline": [
              {"$group": {"_id": {"at": "$decided_at", "model": "$model"}, "count": {"$sum": 1}}},
              {"$group": {"_id": null, "rows": {"$push": {"at": "$_id.at", "model": "$_id.model", "count": "$count"}}}}]}
            """
        let reply = try database.read(Document(json: query, doing: "testing"), doing: "testing")
        let batch = reply["cursor"]?.document?["firstBatch"]?.document?.values.first?.document
        return try (batch?["rows"]?.document?.values ?? []).flatMap { value in
            let row = try #require(value.document)
            guard case .date(let at)? = row["at"], let model = row["model"]?.string, let count = row["count"]?.integer else {
                throw Failure("a group of decisions has no time, model or count")
            }
            return [DecidedModel](repeating: DecidedModel(at: Timestamp(milliseconds: at), model: model), count: Int(count))
        }
    }
}

/// Jobs published without a pause until told to stop.
private final class Load: Sendable {
    private let line: String
    private let published = Monitor((count: 0, isStopping: false, isDone: false))
    private let producer: Producer
    private let database: Database

    init(on line: Line) throws {
        self.line = line.names.prefix
        database = line.database
        producer = try Producer(to: line.names.jobs, at: line.url)
        try DedicatedThread.detach(name: "test-load") { [self] in run() }
    }

    /// About a thousand a second, so that a slow machine keeps up.
    private func run() {
        while true {
            let state = published.withLock { $0 }
            guard !state.isStopping else { break }
            producer.publish((state.count..<state.count + 50).map { TestJob($0, id: line, now: .now) })
            published.update { $0.count += 50 }
            usleep(50_000)
        }
        published.update { $0.isDone = true }
    }

    func awaitDecisions(_ count: Int) throws {
        try wait(for: "\(count) decisions under load", within: .seconds(60)) { try database.exactCount(of: .decisions) >= count }
    }

    func awaitTime(_ time: Timestamp) throws {
        try wait(for: "the time to pass") { Timestamp.now >= time }
    }

    /// Stops and returns how many jobs the broker has confirmed: all.
    func stop() throws -> Int {
        published.update { $0.isStopping = true }
        guard published.wait(until: .now + .seconds(10), { $0.isDone ? true : nil }) != nil else { throw Failure("the load does not stop") }
        let count = published.withLock { $0.count }
        try producer.finish(count)
        return count
    }
}
