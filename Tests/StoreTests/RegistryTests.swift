import Foundation
import Scoring
import Store
import Synchronization
import Testing

/// What holds with MongoDB and on disk alone.
@Suite struct RegistryTests {
    @Test(
        "Promoting takes the found champion over, writes who, when, why, from what to what, and moves the link", arguments: [true, false])
    func promote(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            #expect(try fixture.champion == "v1")
            let before = try #require(try fixture.registry.standing(of: .champion))
            let change = try fixture.registry.promote("v2", fixture.order("ann", reason: "fresher data"))
            #expect(change.notes == [])
            #expect(change.review?.verdict == .accepted)
            #expect(try fixture.champion == "v2")
            #expect(fixture.linked == "v2")
            #expect(try fixture.registry.standing(of: .champion)?.token != before.token)
            let timeline = try fixture.registry.timeline(of: .champion)
            #expect(timeline.events.map(\.kind) == [.imported, .promoted])
            let event = try #require(timeline.events.last)
            #expect(event.by == "ann")
            #expect(event.at.milliseconds == year2100)
            #expect(event.reason.hasPrefix("fresher data (log loss"))
            #expect(event.from == "v1")
            #expect(event.to == "v2")
            #expect(!event.isForced)
            let model = try fixture.registry.load(try #require(try fixture.registry.standing(of: .champion)), as: .champion)
            #expect(model.version == "v2")
            #expect(throws: RegistryError.self) { try fixture.registry.promote("v2", fixture.order()) }
            #expect(try fixture.story.filter { $0.hasPrefix("promoted") } == ["promoted v1>v2"])
        }
    }

    @Test("A worse version is refused with the figures, which the history keeps, and promoted by force", arguments: [true, false])
    func worse(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            try ModelFixture(version: "v4", logLoss: .init(0.56, lower: 0.55, upper: 0.57)).write(in: fixture.path)
            #expect {
                try fixture.registry.promote("v4", fixture.order())
            } throws: { error in
                (error as? RegistryError)?.code == .refused && "\(error)".contains("0.56000 [0.55000, 0.57000]")
                    && !"\(error)".contains("force")
            }
            #expect(try fixture.champion == "v1")
            #expect(fixture.linked == "v1")
            #expect(try fixture.story.last == "refused v1>v4")
            let change = try fixture.registry.promote("v4", fixture.order(forced: true))
            #expect(change.event.isForced)
            #expect(try fixture.registry.timeline(of: .champion).events.last?.isForced == true)
            #expect(try fixture.champion == "v4")
        }
    }

    @Test("A rollback goes back to the champion before, a second one further, and past what is broken", arguments: [true, false])
    func rollBack(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            #expect(throws: RegistryError.self) { try fixture.registry.rollBack(fixture.order()) }
            _ = try fixture.registry.promote("v2", fixture.order())
            _ = try fixture.registry.promote("v3", fixture.order())
            #expect(try fixture.registry.rollBack(fixture.order("bob", reason: "too many retries")).event.reason == "too many retries")
            #expect(try fixture.champion == "v2")
            #expect(try fixture.registry.rollBack(fixture.order()).event.to == "v1")
            #expect(fixture.linked == "v1")
            #expect(throws: RegistryError.self) { try fixture.registry.rollBack(fixture.order()) }
            _ = try fixture.registry.promote("v3", fixture.order())
            #expect(try fixture.registry.rollBack(fixture.order()).event.to == "v1")
            let kinds = try fixture.registry.timeline(of: .champion).events.map(\.kind.rawValue)
            #expect(kinds == ["imported", "promoted", "promoted", "rolled_back", "rolled_back", "promoted", "rolled_back"])
        }
    }

    @Test("A rollback never leads to a broken or missing version")
    func rollBackPastBroken() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            _ = try fixture.registry.promote("v3", fixture.order())
            try fixture.cut("v2")
            let change = try fixture.registry.rollBack(fixture.order())
            #expect(change.event.to == "v1")
            #expect(change.notes.count == 1)
            #expect(change.notes.first?.contains("passed over v2") == true)
            _ = try fixture.registry.promote("v3", fixture.order())
            try FileManager.default.removeItem(atPath: "\(fixture.path)/v1")
            #expect(throws: RegistryError.self) { try fixture.registry.rollBack(fixture.order()) }
            #expect(try fixture.champion == "v3")
        }
    }

    @Test("A broken or misnamed artifact is refused even by force, and the history says why", arguments: [true, false])
    func broken(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            try fixture.cut("v2")
            #expect(throws: ModelError.self) { try fixture.registry.promote("v2", fixture.order(forced: true)) }
            #expect(try fixture.story.last == "refused v1>v2")
            #expect(try fixture.registry.events().last?.reason.contains("model.ubj") == true)
            try FileManager.default.moveItem(atPath: "\(fixture.path)/v3", toPath: "\(fixture.path)/v5")
            #expect(throws: ModelError.self) { try fixture.registry.promote("v5", fixture.order(forced: true)) }
            #expect(try fixture.champion == "v1")
            for name in ["v9", "../v1", "champion", "none", "", ".lock"] {
                #expect(throws: RegistryError.self) { try fixture.registry.promote(name, fixture.order(forced: true)) }
            }
        }
    }

    @Test("Of eight who promote at once one wins each time, the others are told, and the history has no gap", arguments: [true, false])
    func atOnce(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            for version in ["v1", "v3"] { try fixture.registry.register(version, by: "ann", at: fixture.order().at) }
            let results = Mutex<[String]>([])
            let (registry, order) = (fixture.registry, fixture.order())
            onThreads(8) { index in
                let result: String
                do {
                    result = "won \(try registry.promote(index % 2 == 0 ? "v1" : "v3", order).event.to)"
                } catch {
                    result = (error as? RegistryError)?.code.rawValue ?? "\(error)"
                }
                results.withLock { $0.append(result) }
            }
            let found = results.withLock { $0 }
            let winners = found.filter { $0.hasPrefix("won") }
            #expect(!winners.isEmpty)
            #expect(found.allSatisfy { $0.hasPrefix("won") || $0 == "conflict" || $0 == "unchanged" }, "\(found)")
            let timeline = try registry.timeline(of: .champion)
            #expect(timeline.events.count == 2 + winners.count)
            #expect(timeline.events.compactMap(\.place?.number) == Array(1...timeline.events.count))
            for (former, event) in zip(timeline.events, timeline.events.dropFirst()) { #expect(event.from == former.to) }
            #expect(try fixture.champion == timeline.current)
            #expect(fixture.linked == timeline.current)
        }
    }

    @Test("A challenger is an alias of its own", arguments: [true, false])
    func challenge(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            _ = try fixture.registry.challenge("v2", fixture.order())
            #expect(try fixture.registry.standing(of: .challenger)?.version == "v2")
            #expect(try fixture.champion == "v1")
            #expect(fixture.registry.folder.version(of: .challenger) == "v2")
            #expect(throws: RegistryError.self) { try fixture.registry.challenge("v2", fixture.order()) }
            #expect(throws: RegistryError.self) { try fixture.registry.challenge("v9", fixture.order()) }
        }
    }

    @Test("Every version is listed with its aliases, and inspected with its files and history", arguments: [true, false])
    func catalogue(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            _ = try fixture.registry.challenge("v3", fixture.order())
            try fixture.cut("v1", to: 0)
            let entries = try fixture.registry.entries()
            #expect(entries.map(\.version) == ["v1", "v2", "v3"])
            #expect(entries.map(\.aliases) == [[], [.champion], [.challenger]])
            #expect(entries.allSatisfy { $0.isOnDisk && $0.isInDatabase == inDatabase && $0.metrics["log_loss"]?.upper == 0.53 })
            let inspection = try fixture.registry.inspect("v2")
            #expect(inspection.copies.map(\.place) == (inDatabase ? ["mongodb", "disk"] : ["disk"]))
            #expect(
                inspection.copies.allSatisfy { $0.problem == nil && $0.files.map(\.name) == ["manifest.json", "model.ubj", "report.html"] })
            #expect(inspection.events.contains { $0.kind == .promoted && $0.to == "v2" })
            let broken = try fixture.registry.inspect("v1").copies.filter { $0.problem != nil }
            #expect(broken.map(\.place) == ["disk"])
            #expect(throws: RegistryError.self) { try fixture.registry.inspect("v9") }
            #expect(try fixture.registry.problems() == [])
            try fixture.cut("v2")
            #expect(try fixture.registry.problems().count == 1)
        }
    }

    @Test("A refusal by scorers is written once for each change of the alias", arguments: [true, false])
    func refusalOnce(inDatabase: Bool) throws {
        try RegistryFixture.run(inDatabase: inDatabase) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            let standing = try #require(try fixture.registry.standing(of: .champion))
            for _ in 0..<3 {
                try fixture.registry.noteRefusal(
                    of: standing, as: .champion, keeping: "v1", because: "broken", by: "test", at: fixture.order().at)
            }
            #expect(try fixture.story.filter { $0 == "refused v1>v2" }.count == 1)
        }
    }
}
