import Foundation
import Store
import Testing

extension WholeLine {
    /// `herald models …` as a person uses it.
    @Suite struct RegistryCommandTests {
        private struct Row: Decodable {
            var version: String
            var aliases: [String]
            var isOnDisk: Bool
            var isInMongoDB: Bool

            private enum CodingKeys: String, CodingKey {
                case version
                case aliases
                case isOnDisk = "on_disk"
                case isInMongoDB = "in_mongodb"
            }
        }

        private struct Inspection: Decodable {
            struct Event: Decodable {
                var by: String
                var kind: String
                var from: String?
                var to: String
                var reason: String
                var forced: Bool
            }

            struct Copy: Decodable {
                var place: String
                var problem: String?
            }

            struct Metric: Decodable {
                var value: Double
                var lower: Double?
                var upper: Double?
            }

            var aliases: [String]
            var metrics: [String: Metric]
            var copies: [Copy]
            var events: [Event]
        }

        private func decode<Value: Decodable>(_ type: Value.Type, _ run: Command.Completed) throws -> Value {
            try JSONDecoder().decode(type, from: Data(run.standardOutput.utf8))
        }

        @Test("Promote, refuse, force, roll back: exit codes, figures and history", arguments: ["mongodb", "disk"])
        func lifecycle(store: String) throws {
            try Line.run("models-\(store)") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two", "bad"], store: store)
                try models.setLogLoss(of: "bad", value: 0.6, lower: 0.59, upper: 0.61)
                let promoted = try models.run("promote", "two", "--as", "ann", "--reason", "fresher")
                #expect(promoted.exitCode == 0, "\(promoted.text)")
                #expect(promoted.standardOutput.contains("champion: one → two (promoted by ann)"))
                let refused = try models.run("promote", "bad", "--as", "bob")
                #expect(refused.exitCode == 1)
                #expect(refused.standardError.contains("0.60000 [0.59000, 0.61000]"))
                #expect(refused.standardError.contains("0.50000 [0.49000, 0.51000]"))
                #expect(refused.standardError.contains("--force"))
                #expect(try models.champion() == "two")
                #expect(try models.run("promote", "bad", "--force", "--as", "bob").exitCode == 0)
                #expect(try models.run("promote", "bad", "--force").standardError.contains("the champion already"))
                #expect(try models.run("rollback", "--reason", "too slow").exitCode == 0)
                #expect(try models.champion() == "two")
                #expect(try models.run("challenge", "bad").exitCode == 0)

                let rows = try decode([Row].self, models.run("list", "--json"))
                #expect(rows.filter { $0.aliases == ["champion"] }.map(\.version) == ["two"])
                #expect(rows.filter { $0.aliases == ["challenger"] }.map(\.version) == ["bad"])
                #expect(rows.count == 3)
                #expect(rows.allSatisfy { $0.isOnDisk && $0.isInMongoDB == (store == "mongodb") })
                let table = try models.run("list")
                #expect(table.standardOutput.contains("0.60000 [0.59000, 0.61000]"))

                let inspected = try models.run("inspect", "bad", "--json")
                #expect(inspected.exitCode == 0)
                let inspection = try decode(Inspection.self, inspected)
                #expect(inspection.metrics["log_loss"]?.upper == 0.61)
                #expect(inspection.copies.map(\.place) == (store == "mongodb" ? ["mongodb", "disk"] : ["disk"]))
                let story = inspection.events.filter { $0.kind != "registered" }.map {
                    "\($0.kind) \($0.from ?? "-")>\($0.to) \($0.forced)"
                }
                #expect(
                    story == [
                        "refused two>bad false", "promoted two>bad true", "rolled_back bad>two false", "challenged ->bad false",
                    ])
                #expect(inspection.events.contains { $0.by == "bob" })
                #expect(inspection.events.contains { $0.reason == "too slow" })
                #expect(try models.run("inspect", "two").standardOutput.contains("promoted by ann: one → two: fresher"))
            }
        }

        @Test("What is not there, not allowed or broken is an error that says so", arguments: ["mongodb", "disk"])
        func errors(store: String) throws {
            try Line.run("models-errors-\(store)") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two"], store: store)
                for (arguments, hint) in [
                    (["promote", "nine"], "there is no"), (["inspect", "nine"], "there is no model nine"),
                    (["promote", "../one"], "is no version"), (["rollback"], "no champion before one"), (["promote", "one"], "already"),
                    (["register", "nine"], "there is no"), (["promote", "two", "--as", ""], "--as wants a name"),
                ] {
                    let run = try models.herald(["models"] + arguments)
                    #expect(run.exitCode != 0, "\(arguments)")
                    #expect(run.standardError.contains(hint), "\(arguments): \(run.standardError)")
                }
                guard truncate("\(models.path)/two/model.ubj", 10) == 0 else { throw Failure("cannot truncate") }
                let broken = try models.run("promote", "two", "--force")
                #expect(broken.exitCode == 1)
                #expect(broken.standardError.contains("has 10 bytes, but the manifest says"))
                #expect(try models.run("inspect", "two").exitCode == 1)
                #expect(try models.champion() == "one")
            }
        }

        @Test("While MongoDB is away the folder is shown, and nothing is changed")
        func away() throws {
            try Line.run("models-away") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two"], store: "mongodb")
                let away = ["mongodb.url=mongodb://127.0.0.1:1/?replicaSet=rs0"]
                let list = try models.run("list", settings: away)
                #expect(list.exitCode == 0)
                #expect(list.standardOutput.contains("two"))
                #expect(list.standardError.contains("MongoDB does not answer"))
                let promote = try models.run("promote", "two", settings: away)
                #expect(promote.exitCode == 1)
                #expect(promote.standardError.contains("registry.store=disk"))
                #expect(models.registry.folder.version(of: .champion) == "one")
            }
        }

        @Test("The doctor tells of the champion, of a link that does not follow, and of broken artifacts")
        func doctor() throws {
            try Line.run("models-doctor") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two"], store: "mongodb")
                #expect(try models.herald(["doctor"]).standardOutput.contains("champion one by the link there: MongoDB knows of none yet"))
                #expect(try models.run("promote", "two").exitCode == 0)
                let healthy = try models.herald(["doctor"])
                #expect(healthy.exitCode == 0, "\(healthy.text)")
                #expect(healthy.standardOutput.contains("ok      registry: in MongoDB, mirrored in models/: champion two"))
                #expect(healthy.standardOutput.contains("ok      model: version two, the champion"))
                try models.link(to: "one")
                let astray = try models.herald(["doctor"])
                #expect(astray.exitCode == 1)
                #expect(astray.standardOutput.contains("points to one, but MongoDB says two"))
                guard truncate("\(models.path)/two/model.ubj", 10) == 0 else { throw Failure("cannot truncate") }
                let damaged = try models.herald(["doctor"])
                #expect(damaged.standardOutput.contains("the copy of two in models/ is broken"))
                #expect(try models.run("pull", "two").exitCode == 0)
                #expect(try models.herald(["doctor"]).exitCode == 0)
                try models.makeBrokenChampion("one")
                let broken = try models.herald(["doctor"])
                #expect(broken.exitCode == 1)
                #expect(broken.standardOutput.contains("the champion one is broken"))
                #expect(broken.standardOutput.contains("herald models rollback"))
            }
        }
    }
}
