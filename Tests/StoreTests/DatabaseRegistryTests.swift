import Foundation
import Scoring
import Store
import Testing

/// What is special about a registry in MongoDB.
@Suite struct DatabaseRegistryTests {
    private func command(_ json: String, in fixture: RegistryFixture) throws {
        try #require(fixture.registry.database).write(Document(json: json, doing: "testing"), doing: "testing")
    }

    @Test("MongoDB counts once it knows a champion, whatever the link says; another machine's folder follows")
    func truth() throws {
        try RegistryFixture.run(inDatabase: true) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            try fixture.link("champion", to: "v3")
            #expect(try fixture.champion == "v2")
            #expect(try fixture.registry.problems().first?.contains("points to v3") == true)
            try fixture.registry.mirror(.champion)
            #expect(fixture.linked == "v2")
            try withFolder { other in
                let remote = Registry(folder: ModelsFolder("\(other)/models"), database: fixture.registry.database)
                let standing = try #require(try remote.standing(of: .champion))
                #expect(try remote.load(standing, as: .champion).version == "v2")
                try remote.mirror(.champion)
                #expect(try ArtifactFolder("\(other)/models/champion").verify().modelVersion == "v2")
                for name in ["manifest.json", "model.ubj", "report.html"] {
                    #expect(
                        FileManager.default.contentsEqual(atPath: "\(other)/models/v2/\(name)", andPath: "\(fixture.path)/v2/\(name)"))
                }
                #expect(try remote.registerIsRefusedForOther("v2", at: "\(other)/models"))
            }
        }
    }

    @Test("An artifact of many documents comes back to the byte, and each of its pieces is checked")
    func large() throws {
        try RegistryFixture.run(inDatabase: true) { fixture in
            var large = ModelFixture(version: "large")
            var generator = SeededGenerator(state: 3)
            // Three pieces: two whole ones and a byte.
            large.report = (0..<(8 << 20) + 1).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try large.write(in: fixture.path)
            try fixture.registry.register("large", by: "ann", at: fixture.order().at)
            try FileManager.default.removeItem(atPath: "\(fixture.path)/large")
            #expect(try fixture.registry.pull("large"))
            #expect(FileManager.default.contents(atPath: "\(fixture.path)/large/report.html") == Data(try #require(large.report)))
            #expect(try !fixture.registry.pull("large"), "it is intact")

            let file = Checksum.sha256(try #require(large.report))
            try command("{\"delete\": \"model_files\", \"deletes\": [{\"q\": {\"_id\": \"\(file)/1\"}, \"limit\": 1}]}", in: fixture)
            #expect(try fixture.registry.inspect("large").copies.map { $0.problem == nil } == [false, true])
            #expect(throws: RegistryError.self) { try fixture.registry.promote("large", fixture.order(forced: true)) }
            try fixture.registry.register("large", by: "ann", at: fixture.order().at)
            #expect(try fixture.registry.inspect("large").copies.allSatisfy { $0.problem == nil }, "registering again mends it")
        }
    }

    @Test("A piece that is cut, changed or missing in MongoDB is refused; a copy on disk that is whole serves")
    func damagedInDatabase() throws {
        try RegistryFixture.run(inDatabase: true) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            let model = try #require(fixture.registry.database?.model("v2")?.files.first)
            for data in ["", "AAAA", String(repeating: "A", count: (model.bytes + 2) / 3 * 4)] {
                try command(
                    """
                    {"update": "model_files", "updates": [{"q": {"_id": "\(model.sha256)/0"},
                      "u": {"$set": {"data": {"$binary": {"base64": "\(data)", "subType": "00"}}}}}]}
                    """, in: fixture)
                let standing = try #require(try fixture.registry.standing(of: .champion))
                #expect(try fixture.registry.load(standing, as: .champion).version == "v2", "from disk")
                try withFolder { empty in
                    let remote = Registry(folder: ModelsFolder(empty), database: fixture.registry.database)
                    #expect { try remote.load(standing, as: .champion) } throws: { ($0 as? RegistryError)?.code == .damaged }
                }
            }
        }
    }

    @Test("A broken copy on disk does no harm while MongoDB has a good one, and pull mends it")
    func damagedOnDisk() throws {
        try RegistryFixture.run(inDatabase: true) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            let standing = try #require(try fixture.registry.standing(of: .champion))
            try fixture.cut("v2")
            #expect(try fixture.registry.load(standing, as: .champion).version == "v2")
            #expect(try fixture.registry.pull("v2"))
            #expect(try ArtifactFolder("\(fixture.path)/v2").verify().modelVersion == "v2")
        }
    }

    @Test("A version is never overwritten, neither in MongoDB nor on disk")
    func versionTaken() throws {
        try RegistryFixture.run(inDatabase: true) { fixture in
            #expect(try fixture.registry.register("v2", by: "ann", at: fixture.order().at))
            #expect(try !fixture.registry.register("v2", by: "ann", at: fixture.order().at))
            try ModelFixture(version: "v2", leaf: 0.9).write(in: fixture.path)
            #expect { try fixture.registry.register("v2", by: "ann", at: fixture.order().at) } throws: {
                ($0 as? RegistryError)?.code == .versionTaken
            }
            #expect { try fixture.registry.pull("v2") } throws: { ($0 as? RegistryError)?.code == .versionTaken }
        }
    }

    @Test("The server refuses events without author or reason, and aliases that are none")
    func validators() throws {
        try RegistryFixture.run(inDatabase: true) { fixture throws in
            let good = """
                "_id": "x", "at": {"$date": "2026-01-01T00:00:00Z"}, "by": "ann", "kind": "alert", "to": "v1", "reason": "r",
                "forced": false, "token": "t"
                """
            func insert(_ fields: String) throws -> Bool {
                let reply = try #require(fixture.registry.database).rejects("{\"insert\": \"model_events\", \"documents\": [{\(fields)}]}")
                return !reply
            }
            #expect(try insert(good))
            for key in ["at", "by", "kind", "to", "reason"] {
                let broken = good.replacing("\"x\"", with: "\"\(key)\"").replacing("\"\(key)\":", with: "\"other\":")
                #expect(try !insert(broken), "\(key)")
            }
            #expect(try !insert(good.replacing("\"x\"", with: "\"y\"") + ", \"alias\": \"king\", \"number\": {\"$numberLong\": \"1\"}"))
            #expect(try !insert(good.replacing("\"x\"", with: "\"z\"") + ", \"alias\": \"champion\""))
        }
    }

    @Test("A database that is away is an error that can be tried again, and changes nothing")
    func away() throws {
        try withFolder { path in
            try ModelFixture().write(in: path)
            let url = try StoreURL("mongodb://127.0.0.1:\(unusedPort())/?replicaSet=rs0&serverSelectionTimeoutMS=200")
            let registry = Registry(folder: ModelsFolder(path), database: try Database(url: url))
            #expect { try registry.promote("v1", .init(by: "ann", at: Timestamp(milliseconds: 0))) } throws: {
                ($0 as? StoreError)?.isRetriable == true
            }
            #expect(registry.folder.version(of: .champion) == nil)
        }
    }
}

extension Registry {
    /// Whether registering another artifact under a version that is taken is refused.
    fileprivate func registerIsRefusedForOther(_ version: String, at path: String) throws -> Bool {
        try ModelFixture(version: version, leaf: 7).write(in: path)
        do {
            _ = try register(version, by: "test", at: Timestamp(milliseconds: 0))
            return false
        } catch let error as RegistryError {
            return error.code == .versionTaken
        }
    }
}

extension Database {
    /// Whether the server refuses the one document of an insert.
    fileprivate func rejects(_ command: String) throws -> Bool {
        do throws(StoreError) {
            return try write(Document(json: command, doing: "testing"), doing: "testing")["writeErrors"] != nil
        } catch {
            guard error.rawCode == 121 else { throw error }
            return true
        }
    }
}
