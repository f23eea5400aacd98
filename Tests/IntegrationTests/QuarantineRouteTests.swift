import Broker
import Foundation
import Scoring
import Sidecar
import Store
import Streaming
import Testing

extension WholeLine {
    @Suite("Quarantine over HTTP")
    struct QuarantineRouteTests {
        private static let recipient = "canary-4b1d@example.org"

        /// Puts a message into quarantine as a scorer does.
        private static func quarantine(
            _ id: String, _ body: String, reason: String = "missing_field", from queue: String?, on line: Line
        ) throws {
            try line.withBroker { try $0.publish(message(id, body, reason: reason, from: queue, on: line)) }
        }

        private static func message(_ id: String, _ body: String, reason: String, from queue: String?, on line: Line) -> OutgoingMessage {
            var headers = MessageHeaders()
            headers.set("x-herald-reason", reason)
            headers.set("x-herald-detail", "a test's")
            if let queue { headers.set("x-herald-queue", queue) }
            return OutgoingMessage(
                routingKey: line.names.quarantine, messageID: id, contentType: "application/json", headers: headers,
                body: MessageBody(Array(body.utf8)))
        }

        /// Puts messages `m-0`, `m-1` … of the job queue into quarantine.
        private static func fill(_ count: Int, on line: Line) throws {
            let confirmed = Monitor(0)
            let publisher = try Publisher(PublisherConfiguration(url: line.url), logger: .silent)
            try publisher.start()
            publisher.publish((0..<count).map { message("m-\($0)", "{}", reason: "r", from: line.names.jobs, on: line) }) {
                indices, result in
                if result == .confirmed { confirmed.update { $0 += indices.count } }
            }
            let isFilled = confirmed.wait(until: .now + .seconds(30)) { $0 == count ? true : nil }
            publisher.close()
            guard isFilled == true else { throw Failure("\(confirmed.withLock { $0 }) of \(count) messages were confirmed") }
        }

        /// All that lies in quarantine or went back, once nobody holds anything any more.
        private static func contents(_ count: Int, on line: Line) throws -> QueueContents {
            try wait(for: "the broker has taken back what it had handed out") {
                try line.depth(of: [line.names.quarantine, line.names.jobs]) >= count
            }
            return try QueueContents(emptying: [line.names.quarantine, line.names.jobs], at: line.url)
        }

        private static func entries(_ answer: [String: Any]) -> [[String: Any]] { answer["messages"] as? [[String: Any]] ?? [] }

        private static func messageIDs(_ answer: [String: Any]) -> [String] { entries(answer).compactMap { $0["message_id"] as? String } }

        @Test("Twenty looks, whole and in pages, see every message in its order; the queue keeps all of them in it")
        func looking() throws {
            try Line.run("quarantine-looks") { line in
                let ids = (0..<120).map { "m-\($0)" }
                try line.withBroker { broker in
                    for id in ids {
                        try broker.publish(Self.message(id, #"{"job_id":"\#(id)"}"#, reason: "r", from: line.names.jobs, on: line))
                    }
                }
                let observed = try ObservedLine(line)
                for _ in 0..<10 {
                    let answer = try observed.get("/quarantine?limit=200")
                    #expect(Self.messageIDs(answer) == ids)
                    #expect(answer["depth"] as? Int == 120 && answer["next"] is NSNull)
                }
                for _ in 0..<3 {
                    var paged: [String] = []
                    var cursor: String?
                    repeat {
                        let answer = try observed.get("/quarantine?limit=50" + (cursor.map { "&cursor=\($0)" } ?? ""))
                        paged += Self.messageIDs(answer)
                        cursor = answer["next"] as? String
                    } while cursor != nil
                    #expect(paged == ids)
                }
                let first = try #require(Self.entries(try observed.get("/quarantine?limit=1")).first)
                let whole = try observed.get("/quarantine/\(try #require(first["id"] as? String))")
                #expect(whole["message_id"] as? String == "m-0" && whole["body"] as? String == #"{"job_id":"m-0"}"#)
                #expect(whole["queue"] as? String == line.names.jobs && whole["reason"] as? String == "r")
                try observed.stop()
                let kept = try line.takeResults().inQueue(line.names.quarantine)
                #expect(kept.map(\.messageID) == ids)
            }
        }

        @Test("Nobody sees a recipient, and only an administrator a body that is no JSON")
        func recipients() throws {
            try Line.run("quarantine-mask") { line in
                try Self.quarantine("parsed", #"{"recipient":"\#(Self.recipient)","job_id":""}"#, from: line.names.jobs, on: line)
                try Self.quarantine(
                    "cut", #"{"job_id":"a","recipient":"\#(Self.recipient)"#, reason: "not_json", from: line.names.jobs, on: line)
                let (reading, reader) = Token.make(name: "reader", roles: [.read])
                let (ruling, ruler) = Token.make(name: "ruler", roles: [.admin])
                let observed = try ObservedLine(line, caller: [reader, ruler])
                for secret in [reading, ruling] {
                    let answer = try observed.request("GET", "/quarantine", headers: ["Authorization": "Bearer \(secret)"])
                    #expect(answer.status == 200 && !answer.text.contains("canary"))
                    let entries = Self.entries(try answer.json())
                    #expect(entries[0]["body"] as? String == #"{"recipient":"***","job_id":""}"#)
                    #expect(entries[0]["hidden"] as? Bool == false)
                    #expect(entries[1]["hidden"] as? Bool == (secret == reading))
                    #expect((entries[1]["body"] is NSNull) == (secret == reading))
                    let id = try #require(entries[1]["id"] as? String)
                    let whole = try observed.request("GET", "/quarantine/\(id)", headers: ["Authorization": "Bearer \(secret)"])
                    #expect(whole.status == 200 && !whole.text.contains("canary"))
                }
                #expect(try observed.request("GET", "/quarantine").status == 401)
                let denied = try observed.request(
                    "POST", "/quarantine/requeue", headers: ["Authorization": "Bearer \(reading)"], body: #"{"all":true}"#)
                #expect(denied.status == 403)
                #expect(try line.depth(of: [line.names.quarantine]) == 2)
                try observed.stop()
            }
        }

        @Test(
            "One, some, all for a reason: what goes back is itself, with a count; what cannot go back stays, and says why; all is audited")
        func requeueing() throws {
            try Line.run("quarantine-moves") { line in
                try line.database.prepare()
                for index in 0..<10 {
                    try Self.quarantine(
                        "a-\(index)", #"{"n":\#(index)}"#, reason: index % 2 == 0 ? "even" : "odd", from: line.names.jobs, on: line)
                }
                try Self.quarantine("homeless", "{}", reason: "even", from: nil, on: line)
                try Self.quarantine("stranger", "{}", reason: "even", from: "somebody.elses", on: line)
                let observed = try ObservedLine(line)
                let list = Self.entries(try observed.get("/quarantine"))
                let ids = try list.map { try #require($0["id"] as? String) }
                #expect(Set(ids).count == 12)
                #expect(list.map { $0["requeueable"] as? Bool } == Array(repeating: true, count: 10) + [false, false])

                func requeue(_ body: String) throws -> [String: Any] {
                    let answer = try observed.request("POST", "/quarantine/requeue", headers: ["X-Request-ID": "test-request"], body: body)
                    guard answer.status == 200 else { throw Failure("\(answer.status) \(answer.text)") }
                    return try answer.json()
                }
                let missing = String(repeating: "0", count: 32)
                let one = try requeue(#"{"ids":["\#(ids[3])","\#(missing)"]}"#)
                #expect(one["moved"] as? Int == 1 && one["moved_ids"] as? [String] == [ids[3]])
                #expect(one["missing"] as? [String] == [missing] && one["complete"] as? Bool == false && one["remaining"] as? Int == 11)
                let even = try requeue(#"{"all":true,"reason":"even"}"#)
                #expect(even["moved"] as? Int == 5 && even["failed"] as? Int == 2 && even["remaining"] as? Int == 6)
                let reasons = (even["failures"] as? [[String: Any]] ?? []).compactMap { $0["reason"] as? String }
                #expect(reasons == ["no_source", "unknown_queue"])
                try line.awaitDepth(of: [line.names.jobs], atLeast: 6)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: 6)

                let back = try QueueContents(emptying: [line.names.jobs], at: line.url).messages
                #expect(back.map(\.messageID) == ["a-3", "a-0", "a-2", "a-4", "a-6", "a-8"])
                #expect(back.map { String(decoding: $0.body, as: UTF8.self) } == [3, 0, 2, 4, 6, 8].map { "{\"n\":\($0)}" })
                for message in back {
                    #expect(message.contentType == "application/json")
                    #expect(message.headers == ["x-herald-requeued": "1"])
                }
                let left = Self.messageIDs(try observed.get("/quarantine"))
                #expect(left == ["a-1", "a-5", "a-7", "a-9", "homeless", "stranger"])

                let audit = try line.database.audit().reversed()
                #expect(
                    audit.map(\.result) == ["begun", "partial", "begun", "partial"]
                        || audit.map(\.result) == ["begun", "done", "begun", "partial"])
                #expect(audit.allSatisfy { $0.who == "local" && $0.requestID == "test-request" && $0.queue == line.names.quarantine })
                #expect(audit.map(\.count) == [2, 1, 0, 5])
                #expect(audit.map(\.reason) == [nil, nil, "even", "even"])
                #expect(audit.last?.ids.count == 5)
                try observed.stop()
            }
        }

        @Test("All go back through the broker while a scorer works on other jobs: none is lost and none is there twice")
        func underLoad() throws {
            try Line.run("quarantine-load") { line in
                try line.database.prepare()
                let bad = 400
                let good = (0..<20_000).map { TestJob($0, id: "good", now: .now) }
                let valid = (0..<100).map { TestJob($0, id: "valid", now: .now) }
                try line.withBroker { broker in
                    for index in 0..<bad {
                        try broker.publish(
                            Self.message("bad-\(index)", "{bad \(index)", reason: "not_json", from: line.names.jobs, on: line))
                    }
                    for job in valid {
                        try broker.publish(
                            Self.message(
                                job.job.jobID, String(decoding: job.body, as: UTF8.self), reason: "log_refused", from: line.names.jobs,
                                on: line))
                    }
                }
                let scorer = try line.startScorer()
                let producer = try Producer(to: line.names.jobs, at: line.url)
                try producer.publishInBackground(good)
                let observed = try ObservedLine(line)
                // Two at once: one has it, the other is told.
                let orders = try (0..<2).map { _ in
                    try HTTPExchange("POST", "/quarantine/requeue", port: observed.port, body: Array(#"{"all":true}"#.utf8))
                }
                let answers = try orders.map { try $0.answer() }
                #expect(Set(answers.map(\.status)) == [200, 409])
                let report = try #require(answers.first { $0.status == 200 }).json()
                #expect(report["moved"] as? Int == bad + valid.count && report["complete"] as? Bool == true, "\(report)")
                try producer.finish(good.count)
                try line.awaitDecisions(good.count + valid.count)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: bad)
                try scorer.awaitStatus("all is acknowledged") { $0.health.inFlight == 0 }
                try scorer.stopCleanly()
                try observed.stop()
                let results = try line.takeResults()
                let again = results.inQueue(line.names.quarantine)
                #expect(Set(again.compactMap(\.messageID)) == Set((0..<bad).map { "bad-\($0)" }))
                #expect(again.count == bad, "none twice")
                #expect(again.allSatisfy { $0["requeued"] == "1" }, "the count survives another quarantine")
                #expect(results.messages.count == good.count + valid.count + bad)
                #expect(results.ids == Set((good + valid).map(\.job.jobID) + (0..<bad).map { "bad-\($0)" }))
                #expect(try line.database.exactCount(of: .decisions) == good.count + valid.count)
            }
        }

        @Test(
            "Connections that die in the middle of a move lose nothing and double one message at most",
            .enabled(if: Servers.mayBeStopped, "\(Servers.areForeign)"))
        func cutOff() throws {
            try Line.run("quarantine-cut") { line in
                try line.database.prepare()
                let count = 4000
                try Self.fill(count, on: line)
                let observed = try ObservedLine(line)
                let order = try HTTPExchange("POST", "/quarantine/requeue", port: observed.port, body: Array(#"{"all":true}"#.utf8))
                try line.awaitDepth(of: [line.names.jobs], atLeast: 50)
                try Servers.rabbitmqctl("close_all_connections", "a test cuts them")
                let answer = try order.answer()
                #expect(answer.status == 200, "\(answer.text)")
                let report = try answer.json()
                let moved = try #require(report["moved"] as? Int)
                #expect(moved >= 50)
                try observed.stop()
                let contents = try Self.contents(count, on: line)
                #expect(contents.ids.count == count, "none is lost")
                #expect(contents.duplicateCount <= 1, "\(contents.duplicateCount) are there twice")
                if moved < count { #expect(report["complete"] as? Bool == false) }
            }
        }

        @Test("A sidecar that is killed in the middle of a move loses nothing and doubles one message at most", arguments: [40, 111, 300])
        func killed(after moved: Int) throws {
            try Line.run("quarantine-kill") { line in
                try line.database.prepare()
                let count = 4000
                try Self.fill(count, on: line)
                let sidecar = try SidecarUnderTest(line)
                let order = try HTTPExchange("POST", "/quarantine/requeue", port: sidecar.port, body: Array(#"{"all":true}"#.utf8))
                try line.awaitDepth(of: [line.names.jobs], atLeast: moved)
                try sidecar.child.killHard()
                order.leave()
                let contents = try Self.contents(count, on: line)
                #expect(contents.ids.count == count, "none is lost")
                #expect(contents.duplicateCount <= 1, "\(contents.duplicateCount) are there twice")
                #expect(contents.inQueue(line.names.jobs).count < count, "it was killed in the middle")
                // The audit has what began; its end nobody could write.
                #expect(try line.database.audit().map(\.result) == ["begun"])
            }
        }

        @Test("Without its audit nothing is moved")
        func withoutAudit() throws {
            try Line.run("quarantine-audit") { line in
                try Self.quarantine("m", "{}", from: line.names.jobs, on: line)
                let url = try StoreURL("mongodb://127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=300", database: "nobody")
                let observed = try ObservedLine(line, database: Database(url: url))
                let answer = try observed.request("POST", "/quarantine/requeue", body: #"{"all":true}"#)
                #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
                #expect(try answer.json()["type"] as? String == "urn:herald:problem:unavailable")
                #expect(Self.messageIDs(try observed.get("/quarantine")) == ["m"])
                #expect(try line.depth(of: [line.names.jobs]) == 0)
                try observed.stop()
            }
        }

        @Test(
            "What a client gets wrong has an answer that names it",
            arguments: [
                ("GET", "/quarantine?limit=0", "", 400, "limit"), ("GET", "/quarantine?limit=201", "", 400, "limit"),
                ("GET", "/quarantine?cursor=x", "", 400, "cursor"), ("GET", "/quarantine?other=1", "", 400, "other"),
                ("GET", "/quarantine/xyz", "", 400, "id"), ("GET", "/quarantine/00000000000000000000000000000000", "", 404, ""),
                ("POST", "/quarantine/requeue", "{}", 400, "ids"), ("POST", "/quarantine/requeue", "[1]", 400, ""),
                ("POST", "/quarantine/requeue", #"{"ids":["x"]}"#, 400, "ids"), ("DELETE", "/quarantine", "", 405, ""),
            ])
        func mistakes(method: String, target: String, body: String, status: Int, field: String) throws {
            try Line.run("quarantine-mistakes", ladder: ["1h"]) { line in
                let observed = try ObservedLine(line)
                let answer = try observed.request(method, target, body: body)
                #expect(answer.status == status, "\(answer.text)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                if !field.isEmpty { #expect(try answer.json()["field"] as? String == field) }
                try observed.stop()
            }
        }
    }
}
