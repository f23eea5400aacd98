import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// `herald train` as a child of the sidecar.
    @Suite struct TrainingRecordsTests {
        private static var data: String {
            URL(filePath: Herald.champion).deletingLastPathComponent().appending(path: "../data").standardized.path
        }

        @Test("A run is told from its order to its model, which becomes the challenger")
        func wholeRun() async throws {
            try await Line.run("records-train", declared: false) { line in
                try line.database.prepare()
                try await RecordsService.run(on: line, dataFolder: Self.data) { service in
                    let order = """
                        {"from": "notifications.csv", "trees": 5, "resamples": 0, "challenger": true, "version": "small", "reason": "test"}
                        """
                    let accepted = try await service.post("/train", order)
                    #expect(accepted.status == 202, "\(accepted.text)")
                    let id = try #require(accepted.json["run"] as? String)
                    #expect(accepted.headers["location"] == "/train/\(id)")

                    let running = try await service.awaitAnswer("/train/\(id)", "progress") { answer in
                        (answer.json["progress"] as? [String: Any])?["done"] as? Int ?? 0 > 0
                    }
                    #expect(running.json["state"] as? String == "running")
                    let process = try #require(service.desk.processID(of: id))
                    #expect(getpgid(process) == process, "a process group of its own")
                    #expect(getpriority(Int32(PRIO_PROCESS.rawValue), UInt32(process)) == 10)
                    let command = try String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)
                    #expect(!command.contains("mongodb://"), "a secret on the command line")
                    let environment = try String(contentsOfFile: "/proc/\(process)/environ", encoding: .utf8).split(separator: "\0")
                    #expect(environment.allSatisfy { !$0.hasPrefix("HERALD_TEST_") })
                    #expect(environment.contains { $0.hasPrefix("HERALD_MONGODB_URL=") })

                    let second = try await service.post("/train", order)
                    #expect(second.status == 409)
                    #expect((second.json["detail"] as? String)?.contains(id) == true)

                    let ended = try await service.awaitAnswer("/train/\(id)", "its end", within: .seconds(300)) { answer in
                        !["queued", "running"].contains(answer.json["state"] as? String ?? "")
                    }
                    #expect(ended.json["state"] as? String == "succeeded", "\(ended.text)")
                    #expect(ended.json["version"] as? String == "small")
                    let log = try #require(ended.json["log"] as? [String]).joined(separator: "\n")
                    #expect(log.contains("challenger: none → small"), "the end of the log is lost:\n\(log.suffix(500))")

                    try await Self.recorded(id, on: line)
                    let stored = try #require(try line.database.trainingRun(id))
                    #expect(stored.state == .succeeded && stored.by == "ann" && stored.version == "small" && stored.slot == nil)
                    #expect(try line.database.model("small")?.registeredBy == "ann")
                    let list = try await service.get("/train")
                    #expect((list.json["runs"] as? [[String: Any]])?.map { $0["run"] as? String } == [id])
                    let models = try await service.get("/models/small")
                    #expect(models.json["aliases"] as? [String] == ["challenger"])
                    #expect(try await service.delete("/train/\(id)").status == 409)
                    #expect(try await service.get("/train/absent").status == 404)
                    #expect(try await service.delete("/train/absent").status == 404)
                }
            }
        }

        @Test("A run that is cancelled leaves no model behind, and another can be ordered")
        func cancellation() async throws {
            try await Line.run("records-cancel", declared: false) { line in
                try line.database.prepare()
                try await RecordsService.run(on: line, dataFolder: Self.data) { service in
                    let order = #"{"from": "notifications.csv", "trees": 2000, "patience": 1000, "challenger": true, "version": "never"}"#
                    let id = try await start(service, order)
                    _ = try await service.awaitAnswer("/train/\(id)", "boosting", within: .seconds(120)) { answer in
                        (answer.json["progress"] as? [String: Any])?["phase"] as? String == "boosting"
                    }
                    let process = try #require(service.desk.processID(of: id))
                    let began = ContinuousClock.now
                    let cancelled = try await service.delete("/train/\(id)")
                    #expect(cancelled.status == 200, "\(cancelled.text)")
                    #expect(cancelled.json["state"] as? String == "cancelled")
                    #expect(ContinuousClock.now - began < .seconds(7))
                    #expect(kill(process, 0) == -1)
                    try await Self.recorded(id, on: line)
                    #expect(try line.database.trainingRun(id)?.state == .cancelled)
                    #expect(try line.database.models().isEmpty)
                    #expect(!FileManager.default.fileExists(atPath: "\(line.folder)/models/never"))
                    let next = try await start(service, order)
                    #expect(try await service.delete("/train/\(next)").status == 200)
                }
            }
        }

        @Test("A run that is killed has failed, and says why; one that ends with an error too")
        func crash() async throws {
            try await Line.run("records-crash", declared: false) { line in
                try line.database.prepare()
                try FileManager.default.createDirectory(atPath: "\(line.folder)/data", withIntermediateDirectories: true)
                try "job_id\nx\n".write(toFile: "\(line.folder)/data/bad.csv", atomically: true, encoding: .utf8)
                try await RecordsService.run(on: line, dataFolder: Self.data) { service in
                    let id = try await start(service, #"{"from": "notifications.csv"}"#)
                    _ = try await service.awaitAnswer("/train/\(id)", "progress") { $0.json["progress"] is [String: Any] }
                    let process = try #require(service.desk.processID(of: id))
                    #expect(kill(process, SIGKILL) == 0)
                    let ended = try await service.awaitAnswer("/train/\(id)", "its end") { $0.json["state"] as? String == "failed" }
                    #expect((ended.json["error"] as? String)?.contains("signal 9") == true, "\(ended.text)")
                    try await Self.recorded(id, on: line)
                    #expect(try line.database.trainingRun(id)?.error?.contains("signal 9") == true)
                }
                try await RecordsService.run(on: line, dataFolder: "\(line.folder)/data") { service in
                    let id = try await start(service, #"{"from": "bad.csv"}"#)
                    let ended = try await service.awaitAnswer("/train/\(id)", "its end") { $0.json["state"] as? String == "failed" }
                    let error = try #require(ended.json["error"] as? String)
                    #expect(error.contains("exit code 1") && error.contains("bad.csv"), "\(error)")
                    #expect(try await service.post("/train", #"{"from": "absent.csv"}"#).status == 409)
                }
                try await RecordsService.run(on: line, executable: "\(line.folder)/absent", dataFolder: Self.data) { service in
                    let id = try await start(service, #"{"from": "notifications.csv"}"#)
                    let ended = try await service.awaitAnswer("/train/\(id)", "its end") { $0.json["state"] as? String == "failed" }
                    #expect((ended.json["error"] as? String)?.contains("could not be run") == true, "\(ended.text)")
                }
            }
        }

        @Test("What a sidecar that died has left as running is recognised as failed; one on another machine has 90 s")
        func leftBehind() async throws {
            try await Line.run("records-stale", declared: false) { line in
                try line.database.prepare()
                let parts = RunHolder.own.text.split(separator: " ")
                func claim(_ id: String, _ holder: String, heard: Timestamp) throws -> TrainingRun? {
                    try line.database.claim(
                        TrainingRun(id: id, by: "ann", source: "mongodb", startedAt: heard, state: .running, slot: .init(holder: holder)))
                }
                // The same machine, a process id with another start.
                #expect(try claim("dead", "\(parts[0]) \(parts[1]) 1", heard: .now) == nil)
                try await RecordsService.run(on: line) { service in
                    try await service.desk.recover()
                    #expect(try line.database.trainingRun("dead")?.state == .failed)
                    #expect(try line.database.slotHolder() == nil)

                    #expect(try claim("elsewhere", "other/boot/space 1 2", heard: .now) == nil)
                    try await service.desk.recover()
                    let refused = try await service.post("/train", #"{"from": "mongodb"}"#)
                    #expect(refused.status == 409)
                    #expect((refused.json["detail"] as? String)?.contains("elsewhere") == true)
                    let foreign = try await service.delete("/train/elsewhere")
                    #expect(foreign.status == 409)
                    try line.database.fail("elsewhere", error: "test", at: .now)

                    #expect(try claim("silent", "other/boot/space 1 2", heard: .now + -100_000) == nil)
                    try await service.desk.recover()
                    #expect(try line.database.trainingRun("silent")?.error?.contains("ended before the run did") == true)
                }
            }
        }

        @Test("A run does not outlive whoever started it")
        func orphan() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "herald-orphan-\(UInt32.random(in: 0...(.max)))").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let child = Process()
            child.executableURL = URL(filePath: try Herald.path)
            child.arguments = [
                "train", "--supervised", "--progress", "json", "--from", "\(Self.data)/notifications.csv", "--models", folder, "--trees",
                "2000",
            ]
            let input = Pipe()
            let output = Pipe()
            (child.standardInput, child.standardOutput, child.standardError) = (input, output, FileHandle.nullDevice)
            try child.run()
            _ = output.fileHandleForReading.readData(ofLength: 16)
            #expect(child.isRunning)
            try input.fileHandleForWriting.close()
            try wait(for: "the end of the run", within: .seconds(5)) { !child.isRunning }
            #expect(child.terminationStatus == 70)
        }

        private func start(_ service: RecordsService, _ order: String) async throws -> String {
            var answer = try await service.post("/train", order)
            // The run before is recorded a moment after its end is told.
            try await awaitCondition("an accepted order; last: \(answer.text)", within: .seconds(20)) {
                guard answer.status == 409 else { return true }
                answer = try await service.post("/train", order)
                return false
            }
            guard answer.status == 202 else { throw Failure("not accepted: \(answer.text)") }
            return try #require(answer.json["run"] as? String)
        }

        private static func recorded(_ id: String, on line: Line) async throws {
            try await awaitCondition("the end of run \(id) in its record", within: .seconds(20)) {
                try line.database.trainingRun(id)?.state.isFinal == true
            }
        }
    }
}
