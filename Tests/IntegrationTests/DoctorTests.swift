import Broker
import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// `herald doctor`: one line for each part, exit code 1 where one is not as it should be, and what to do about it.
    @Suite struct DoctorTests {
        @Test("All is well: exit code 0 and a line for each part")
        func healthy() throws {
            try Line.run("doctor") { line in
                let doctor = try line.command("doctor").run()
                #expect(doctor.exitCode == 0, "\(doctor.text)")
                for part in ["configuration", "broker", "queues", "database", "model", "registry"] {
                    #expect(doctor.standardOutput.contains("ok      \(part): "))
                }
                for path in [try TrainedModel.shared().path, Herald.champion] {
                    let version = try ArtifactFolder(path).load().version
                    let withModel = try line.command("doctor", settings: ["scoring.model=\(path)"]).run()
                    #expect(withModel.exitCode == 0)
                    #expect(withModel.standardOutput.contains("ok      model: version \(version)"))
                }
            }
        }

        @Test("What is broken is named, with what to do, and the rest is examined all the same")
        func broken() throws {
            try Line.run("doctor-broken") { line in
                try line.withBroker { broker in try broker.delete(queue: line.names.quarantine) }
                let queues = try line.command("doctor").run()
                #expect(queues.exitCode == 1)
                #expect(queues.standardOutput.contains("FAILED  queues: "))
                #expect(
                    queues.standardOutput.contains("'\(line.names.quarantine)' does not exist; create it with 'herald topology declare'"))
                #expect(queues.standardOutput.contains("ok      database: "))

                let broker = try line.command("doctor", settings: ["rabbitmq.url=amqp://user:s3cret@127.0.0.1:1/"]).run()
                #expect(broker.exitCode == 1)
                #expect(broker.standardOutput.contains("FAILED  broker: "))
                #expect(broker.standardOutput.contains("127.0.0.1:1"))
                #expect(broker.standardOutput.contains("ok      database: "))
                #expect(!broker.text.contains("s3cret"))

                let wrongPassword = try line.command(
                    "doctor", settings: ["rabbitmq.url=amqp://guest:s3cret@\(line.url.host):\(line.url.port)/"]
                ).run()
                #expect(wrongPassword.exitCode == 1)
                #expect(wrongPassword.standardOutput.contains("FAILED  broker: "))
                #expect(wrongPassword.standardOutput.contains("ACCESS_REFUSED"))
                #expect(!wrongPassword.text.contains("s3cret"))

                let database = try line.command("doctor", settings: ["mongodb.url=mongodb://user:s3cret@127.0.0.1:1/?replicaSet=rs0"]).run()
                #expect(database.exitCode == 1)
                #expect(database.standardOutput.contains("FAILED  database: "))
                #expect(database.standardOutput.contains("is the server running"))
                #expect(database.standardOutput.contains("ok      broker: "))
                #expect(!database.text.contains("s3cret"))
            }
        }

        @Test(
            "A database that stands alone is refused, and the doctor says how to make it a replica set",
            .enabled(if: Servers.mayBeStopped, "MONGODB_URL names the server, so there is no program to start another one with"))
        func standaloneDatabase() throws {
            try Line.run("doctor-standalone") { line in
                try StandaloneMongoDB.run(in: line) { url in
                    let doctor = try line.command("doctor", settings: ["mongodb.url=\(url)"]).run()
                    #expect(doctor.exitCode == 1)
                    #expect(doctor.standardOutput.contains("FAILED  database: "))
                    #expect(doctor.standardOutput.contains("start mongod with --replSet rs0 and run rs.initiate() once"))
                    let scorer = try line.command("score", settings: ["mongodb.url=\(url)"]).run()
                    #expect(scorer.exitCode == 1, "waiting would not help")
                    #expect(scorer.standardError.contains("rs.initiate()"))
                }
            }
        }

        @Test("A model folder that is missing, damaged or of another schema is refused, by the doctor and by the scorer")
        func brokenModel() throws {
            try Line.run("doctor-model") { line in
                let model = try TrainedModel.shared()
                let files = FileManager.default
                let damaged = "\(line.folder)/damaged"
                try files.copyItem(atPath: model.path, toPath: damaged)
                var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(damaged)/model.ubj"))
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: URL(fileURLWithPath: "\(damaged)/model.ubj"))
                let unreadable = "\(line.folder)/unreadable"
                try files.copyItem(atPath: model.path, toPath: unreadable)
                try Data("{".utf8).write(to: URL(fileURLWithPath: "\(unreadable)/manifest.json"))

                for (path, hint) in [("\(line.folder)/absent", "manifest.json"), (damaged, "model.ubj"), (unreadable, "manifest")] {
                    let doctor = try line.command("doctor", settings: ["scoring.model=\(path)"]).run()
                    #expect(doctor.exitCode == 1)
                    #expect(doctor.standardOutput.contains("FAILED  model: "))
                    #expect(doctor.standardOutput.contains(hint), "\(doctor.standardOutput)")
                    let scorer = try line.command("score", settings: ["scoring.model=\(path)"]).run()
                    #expect(scorer.exitCode == 1)
                    #expect(scorer.standardError.contains(hint), "\(scorer.standardError)")
                }
            }
        }
    }
}
