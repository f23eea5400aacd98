import Broker
import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// `POST /predict` of a real `herald serve` on a real RabbitMQ and MongoDB.
    @Suite struct SidecarPredictTests {
        @Test("A prediction is explained, stands in the log without its recipient, and comes out the same from there")
        func single() throws {
            try Line.run("predict") { line in
                let sidecar = try SidecarUnderTest(line)
                let job = TestJob(4, id: "predict", now: .now)
                let answer = try sidecar.post("/predict", job.body, headers: ["X-Request-ID": "predict-1"])
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.headers["x-request-id"] == "predict-1")
                let said = try answer.json()
                #expect(said["job_id"] as? String == job.job.jobID)
                #expect((said["reasons"] as? [Any])?.isEmpty == false)
                #expect((said["sentence"] as? String)?.isEmpty == false)
                let actions = try #require(said["actions"] as? [[String: Any]])
                let chosen = try #require(said["chosen"] as? Int)
                #expect(actions[chosen]["probability"] as? Double == said["probability"] as? Double)

                let record = try Self.record(of: said, in: line)
                #expect(record.source == .api)
                #expect(record.job.recipient == nil)
                #expect(record.decision.actions.count == actions.count)

                // Taken again from the log it comes out the same, to the bit.
                let replay = try line.command("replay", settings: ["scoring.model=\(Herald.champion)"]).run()
                #expect(replay.exitCode == 0, "\(replay.text)")
                #expect(replay.text.contains("1 decisions taken again, 0 came out differently"), "\(replay.text)")
                try sidecar.child.stopCleanly()
            }
        }

        /// The record of the decision that an answer tells of, once it is in the log.
        private static func record(of answer: [String: Any], in line: Line) throws -> DecisionRecord {
            guard let id = (answer["decision_id"] as? String).flatMap({ DecisionID($0) }) else { throw Failure("no decision id") }
            try wait(for: "the decision in the log") { try line.database.exactCount(of: .decisions) > 0 }
            guard let record = try line.database.decision(id: id) else { throw Failure("another decision in the log than \(id)") }
            return record
        }

        @Test("A request that is repeated under its id is logged once")
        func repeated() throws {
            try Line.run("repeated") { line in
                let sidecar = try SidecarUnderTest(line)
                let job = TestJob(1, id: "repeated", now: .now)
                let ids = try (0..<3).map { _ in
                    try sidecar.post("/predict", job.body, headers: ["X-Request-ID": "same"]).json()["decision_id"] as? String
                }
                let other = try sidecar.post("/predict", job.body).json()["decision_id"] as? String
                #expect(Set(ids).count == 1)
                #expect(other != ids[0])
                try wait(for: "two decisions in the log") { try line.database.exactCount(of: .decisions) == 2 }
            }
        }

        @Test("In a batch each job is decided by itself: a defective one has an error in its place")
        func batch() throws {
            try Line.run("batch") { line in
                let sidecar = try SidecarUnderTest(line)
                let jobs = TestJob.mixed(200, id: "batch", now: .now)
                var parts = jobs.map { String(decoding: $0.body, as: UTF8.self) }
                parts[17] = #"{"job_id": "x", "channel": "pigeon"}"#
                parts[150] = "7"
                let body = "{\"jobs\": [\(parts.joined(separator: ", "))]}"
                let answer = try sidecar.post("/predict", Array(body.utf8))
                #expect(answer.status == 200, "\(answer.text.prefix(500))")
                let predictions = try #require(try answer.json()["predictions"] as? [[String: Any]])
                #expect(predictions.count == 200)
                for (index, prediction) in predictions.enumerated() where index != 17 && index != 150 {
                    #expect(prediction["job_id"] as? String == jobs[index].job.jobID)
                }
                let error = try #require(predictions[17]["error"] as? [String: Any])
                #expect(error["field"] as? String == "notification_id")
                #expect((predictions[150]["error"] as? [String: Any])?["status"] as? Int == 400)

                // Alone and in a batch the same probability, but for the time that has passed.
                let alone = try sidecar.post("/predict", jobs[12].body).json()
                #expect(alone["action"] as? String == predictions[12]["action"] as? String)
            }
        }

        @Test(
            "What is wrong is said: status, kind and field",
            arguments: [
                ("", 400, "invalid-body", nil), ("{", 400, "invalid-body", nil), ("[]", 400, "invalid-body", nil),
                ("{}", 422, "invalid-job", "job_id"), (#"{"jobs": 1}"#, 422, "invalid-job", "jobs"),
                (#"{"jobs": []}"#, 422, "invalid-job", "jobs"), (#"{"job_id": 1}"#, 422, "invalid-job", "job_id"),
                ("{\"job_id\": \"\u{0}\"}", 400, "invalid-body", nil),
            ] as [(String, Int, String, String?)])
        func defects(body: String, status: Int, kind: String, field: String?) throws {
            try Line.run("defects", declared: false) { line in
                let answer = try SidecarUnderTest(line, settings: Self.away).post("/predict", Array(body.utf8))
                #expect(answer.status == status, "\(answer.text)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                let problem = try answer.json()
                #expect(problem["type"] as? String == "urn:herald:problem:\(kind)")
                #expect(problem["field"] as? String == field)
                #expect(problem["request_id"] as? String == answer.headers["x-request-id"])
            }
        }

        /// Servers that are not there, which is no reason to fail.
        private static let away = ["mongodb.url=mongodb://127.0.0.1:1/?replicaSet=rs0", "rabbitmq.url=amqp://guest:guest@127.0.0.1:1/"]

        @Test("The first answer of a sidecar that never saw its database says so")
        func neverThere() throws {
            try Line.run("never-there", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let said = try sidecar.post("/predict", TestJob(1, id: "first", now: .now).body).json()
                #expect(Set(try #require(said["degraded"] as? [String])) == ["broker", "database"])
            }
        }

        @Test(
            "A database that goes away is missed before anything was written, and one that is back is noticed",
            .enabled(if: Servers.mayBeStopped, "\(Servers.areForeign)"))
        func idle() throws {
            try Line.run("idle") { line in
                let sidecar = try SidecarUnderTest(line)
                try sidecar.awaitReadiness("ready") { $0.isEmpty }
                try Servers.stack("kill-mongodb")
                try sidecar.awaitReadiness("without a database") { $0 == ["database"] }
                #expect(
                    try sidecar.post("/predict", TestJob(1, id: "idle", now: .now).body).json()["degraded"] as? [String] == ["database"])
                try Servers.stack("start")
                try sidecar.awaitReadiness("ready again", within: .seconds(90)) { $0.isEmpty }
                try wait(for: "the decision in the log") { try line.database.exactCount(of: .decisions) == 1 }
                try sidecar.child.stopCleanly()
            }
        }

        @Test(
            "Under load without MongoDB, RabbitMQ or both predictions go on, and say what they lack; they lack nothing once both are back",
            .enabled(if: Servers.mayBeStopped, "\(Servers.areForeign)"),
            arguments: [["mongodb", "broker"], ["broker", "mongodb"]])
        func degraded(order: [String]) throws {
            let words = ["mongodb": "database", "broker": "broker"]
            try Line.run("degraded") { line in
                let sidecar = try SidecarUnderTest(line)
                try sidecar.awaitReadiness("ready") { $0.isEmpty }
                let load = try Load(sidecar, job: TestJob(2, id: "load", now: .now).body)
                try load.awaitMore(100)
                var lacking: Set<String> = []
                for server in order {
                    try Servers.stack("kill-\(server)")
                    lacking.insert(try #require(words[server]))
                    try sidecar.awaitReadiness("without \(lacking)") { Set($0) == lacking }
                    let answer = try sidecar.post("/predict", TestJob(1, id: "lacking-\(server)", now: .now).body)
                    #expect(answer.status == 200)
                    #expect(Set(try #require(try answer.json()["degraded"] as? [String])) == lacking)
                    try load.awaitMore(100)
                }
                try Servers.stack("start")
                try sidecar.awaitReadiness("ready again", within: .seconds(90)) { $0.isEmpty }
                try load.awaitMore(100)
                let counts = try load.stop()
                #expect(Array(counts.keys) == [200], "\(counts)")
                try sidecar.child.stopCleanly()
            }
        }

        /// Two clients that ask without pause and count the statuses.
        private final class Load: Sendable {
            private struct State {
                var isStopped = false
                var running = 0
                var counts: [Int: Int] = [:]
                var failure: (any Error)?

                var count: Int { counts.values.reduce(0, +) }
            }

            private let state = Monitor(State())

            init(_ sidecar: SidecarUnderTest, job: [UInt8]) throws {
                for _ in 0..<2 {
                    state.update { $0.running += 1 }
                    try DedicatedThread.detach(name: "test-load") { [state] in
                        while !state.withLock({ $0.isStopped }) {
                            do {
                                let status = try sidecar.post("/predict", job).status
                                state.update { $0.counts[status, default: 0] += 1 }
                            } catch {
                                state.update { $0.failure = error }
                                break
                            }
                        }
                        state.update { $0.running -= 1 }
                    }
                }
            }

            /// Waits until `count` more requests are answered.
            func awaitMore(_ count: Int) throws {
                let before = state.withLock { $0.count }
                let isDone = state.wait(until: .now + .seconds(60)) { state -> Bool? in
                    state.failure != nil ? false : state.count >= before + count ? true : nil
                }
                guard isDone == true else { throw state.withLock { $0.failure } ?? Failure("not \(count) answers within 60 s") }
            }

            /// Ends it; how many answers there were of each status.
            func stop() throws -> [Int: Int] {
                state.update { $0.isStopped = true }
                guard state.wait(until: .now + .seconds(60), { $0.running == 0 ? true : nil }) == true else {
                    throw Failure("the load does not end")
                }
                if let failure = state.withLock({ $0.failure }) { throw failure }
                return state.withLock { $0.counts }
            }
        }
    }
}
