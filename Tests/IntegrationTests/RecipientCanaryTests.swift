import Broker
import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// Recipients appear nowhere but in the messages that are for the workers.
    @Suite struct RecipientCanaryTests {
        @Test(
            "A recipient is in no document, log, metric, header or answer, whatever became of its job; under a key its hash is in the log alone",
            arguments: [false, true])
        func nowhere(hasKey: Bool) throws {
            try Line.run("canary") { line in
                try line.database.prepare()
                let birds = Birds()
                let watch = try Watch(line, hasKey: hasKey)
                let jobs = birds.jobs()
                let defects = birds.defects()
                try line.withBroker { broker in
                    for job in jobs { try broker.publish(Self.message(job.job.jobID, job.body, to: line)) }
                    for (name, body) in defects { try broker.publish(Self.message("bad-\(name)", body, to: line)) }
                    for (name, body) in birds.outcomes(of: jobs) {
                        try broker.publish(
                            OutgoingMessage(exchange: line.names.outcomesExchange, routingKey: "", messageID: name, body: MessageBody(body))
                        )
                    }
                }
                let quarantinedCount = defects.count + 1
                try line.awaitDecisions(jobs.count)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: quarantinedCount)
                try wait(for: "the outcome in the log") { try line.database.exactCount(of: .outcomes) == 1 }

                let predicted = try watch.predict(birds)
                try line.awaitDecisions(jobs.count + predicted)
                try watch.awaitEvents(decisions: jobs.count + predicted)
                try watch.requeue()
                // What is put back comes again, for it is as defective as before.
                try line.awaitDepth(of: [line.names.quarantine], atLeast: quarantinedCount)
                try watch.readEverything(on: line)
                try watch.stop()

                let leaks = try watch.pages.flatMap { birds.leaks(in: $0) } + Self.documents(of: line).flatMap { birds.leaks(in: $0) }
                #expect(leaks.isEmpty, "\(leaks.count) leaks:\n\(leaks.prefix(20).joined(separator: "\n"))")
                try expectFound(birds, jobs, defects, watch, on: line)
                try expectHashes(of: jobs, hasKey ? watch.key : nil, watch, on: line)
            }
        }

        private static func message(_ id: String, _ body: [UInt8], to line: Line) -> OutgoingMessage {
            OutgoingMessage(routingKey: line.names.jobs, messageID: id, contentType: "application/json", body: MessageBody(body))
        }

        /// The raw bytes of every document in every collection.
        private static func documents(of line: Line) throws -> [Page] {
            func ask(_ json: String) throws -> Document {
                try line.database.read(Document(json: json, doing: "searching"), doing: "searching")
            }
            let listed = try ask(#"{"listCollections": 1, "nameOnly": true, "cursor": {"batchSize": 1000}}"#)
            let names = (listed["cursor"]?.document?["firstBatch"]?.document?.values ?? []).compactMap { $0.document?["name"]?.string }
            for collection in [Store.Collection.decisions, .outcomes, .audit] { #expect(names.contains(collection.rawValue)) }
            return try names.filter { !$0.hasPrefix("system.") }.map { name in
                let found = try ask("{\"find\": \"\(name)\", \"batchSize\": 100000}")
                #expect(found["cursor"]?.document?["id"]?.integer == 0, "all of \(name) at once")
                return Page(place: "collection \(name)", bytes: found.bytes, isForAdmin: false)
            }
        }

        /// The search finds what is there: workers get whole messages, and administrators bodies that are no JSON.
        private func expectFound(
            _ birds: Birds, _ jobs: [TestJob], _ defects: [(name: String, body: [UInt8])], _ watch: Watch, on line: Line
        ) throws {
            #expect(watch.pages.contains { $0.isForAdmin && birds.loose.found(in: $0.bytes) != nil })
            let results = try line.takeResults()
            for job in jobs {
                let messages = results.byID[job.job.jobID] ?? []
                #expect(messages.map(\.body) == [job.body])
                #expect(messages.allSatisfy { birds.leaks(in: Page(place: "body", bytes: $0.body, isForAdmin: false)).isEmpty == false })
            }
            #expect(Set(results.messages.map(\.queue)).isSuperset(of: [line.names.undeliverable, line.names.quarantine]))
            #expect(results.messages.contains { line.retryQueues.contains($0.queue) })
            #expect(results.inQueue(line.names.quarantine).count == defects.count + 1)
            let headers = results.messages.flatMap { message in
                message.headers.map { Page(place: "\(message.queue) \($0.key)", bytes: Array($0.value.utf8), isForAdmin: false) }
            }
            let leaks = headers.flatMap { birds.leaks(in: $0) }
            #expect(leaks.isEmpty, "\(leaks)")
        }

        /// Each decision has the hash of its recipient under a key, and none without; no answer has it.
        private func expectHashes(of jobs: [TestJob], _ key: [UInt8]?, _ watch: Watch, on line: Line) throws {
            let hasher = key.map { RecipientHasher(key: $0) }
            let decisions = try Self.documents(of: line).first { $0.place == "collection decisions" }
            let text = String(decoding: decisions?.bytes ?? [], as: UTF8.self)
            guard let hasher else {
                #expect(!text.contains("recipient_hash"))
                return
            }
            for job in jobs {
                let hash = hasher.hash(try #require(job.job.recipient))
                #expect(text.contains(hash))
                for page in watch.pages { #expect(!page.text.contains(hash), "\(page.place)") }
            }
        }
    }
}

/// Something that somebody can read, and what it is.
private struct Page {
    var place: String
    var bytes: [UInt8]
    /// Whether it was read by an administrator, who may see bodies that are no JSON.
    var isForAdmin: Bool

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The canaries of a run, and messages that carry them.
private struct Birds {
    /// In addresses and push tokens.
    let letters = Canary()
    /// In telephone numbers.
    let digits = Canary(digits: true)
    /// In bodies that are no JSON, where no field says what a recipient is.
    let loose = Canary()

    func leaks(in page: Page) -> [String] {
        ([letters, digits] + (page.isForAdmin ? [] : [loose])).compactMap { canary in
            canary.found(in: page.bytes).map { "\(page.place): \($0)" }
        }
    }

    private func recipient(of channel: Channel, _ index: Int) -> String {
        switch channel {
        case .email: "Zoë+\(letters.word).\(index)@mail.example"
        case .sms: "+\(digits.word)\(1000 + index)"
        case .push: "d\(index)/\(letters.word):APA91b-_\(letters.word)=="
        }
    }

    private func job(_ index: Int, _ state: TestJob.State, id: String) -> TestJob {
        var job = TestJob(index, state, id: id, now: .now).job
        job.recipient = recipient(of: job.channel, index)
        return TestJob(job)
    }

    /// Jobs in every state and channel: dispatched, delayed and undeliverable ones.
    func jobs(id: String = "canary") -> [TestJob] {
        TestJob.State.allCases.enumerated().flatMap { number, state in
            (0..<3).map { job(number * 3 + $0, state, id: "\(id)-\(number)") }
        }
    }

    /// Messages that no scorer takes.
    func defects() -> [(name: String, body: [UInt8])] { defectiveJobs() + fragments() }

    private var email: String { recipient(of: .email, 900) }
    private var phone: String { recipient(of: .sms, 901) }

    /// A job with something else for its recipient.
    private func text(_ value: String? = nil, key: String = "recipient") -> String {
        let good = String(decoding: JobEncoder.json(job(0, .first, id: "defect").job), as: UTF8.self)
        return good.replacing(/"recipient":"[^"]*"/, with: "\"\(key)\":\(value ?? "\"\(email)\"")")
    }

    /// Those that are JSON, and can stand in a batch.
    func defectiveJobs() -> [(name: String, body: [UInt8])] {
        let texts = [
            ("wrong-channel", text().replacing(/"channel":"[^"]*"/, with: "\"channel\":\"pigeon\"")),
            ("number", text(digits.word)),
            ("object", text("{\"email\": \"\(email)\", \"phone\": \"\(phone)\"}")),
            ("list", text("[\"\(email)\", \"\(phone)\"]")),
            ("twice", text("\"\(email)\",\"recipient\":\"\(phone)\"")),
            ("too-long", text("\"\(String(repeating: letters.word, count: 400))\"")),
            ("other-case", text(key: "Recipient").replacing(/"job_id":"[^"]*"/, with: "\"job_id\":\"\"")),
            ("escaped-key", text(key: "\\u0072ecipient").replacing(/"send_time":"[^"]*"/, with: "\"send_time\":\"soon\"")),
            ("escaped-value", text("\"\\\"Ann\\\" <\(email)>\"").replacing(/"payload_size":\d+/, with: "\"payload_size\":-1")),
            ("nested", "{\"job\": \(text()), \"list\": [{\"recipient\": {\"a\": [\"\(email)\", {\"b\": \"\(phone)\"}]}}]}"),
        ]
        return texts.map { ($0.0, Array($0.1.utf8)) }
    }

    /// Those that are no JSON, or that no batch can hold.
    private func fragments() -> [(name: String, body: [UInt8])] {
        let (open, close) = (String(repeating: "[", count: 200), String(repeating: "]", count: 200))
        let cut = text().components(separatedBy: letters.word)[0] + letters.word
        let texts = [
            ("array", "[\(text())]"), ("deep", "{\"recipient\": \"\(email)\", \"x\": \(open)\(close)}"),
            // A field says what the recipient is.
            ("cut-inside", cut), ("cut-behind", String(text("\"\\\"Ann\\\" <\(email)>\"").dropLast())),
            ("two-jobs", text() + "\n" + text("\"\(phone)\"")), ("form", "job_id=x&recipient=\(email)"),
            ("single-quotes", "{'job_id': 'x', 'recipient': '\(email)', 'channel': 'email'}"), ("trailing-comma", text().dropLast() + ",}"),
            ("oversized", text().dropLast() + ",\"padding\":\"\(String(repeating: "x", count: 2 << 20))\"}"),
            // Nothing does.
            ("text", "please tell \(loose.word)@mail.example"), ("markup", "<to>\(loose.word)@mail.example</to>"),
        ]
        let notText = text().utf8.map { $0 == UInt8(ascii: "@") ? 0xFF : $0 }
        let wide = "{\"recipient\":\"\(loose.word)@mail.example\"}".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        return texts.map { ($0.0, Array($0.1.utf8)) } + [("not-utf8", notText), ("utf16", wide)]
    }

    /// One that is taken, with a field that it need not have, and one that is not.
    func outcomes(of jobs: [TestJob]) -> [(name: String, body: [UInt8])] {
        let job = jobs[0].job
        let outcome = Outcome(
            jobID: job.jobID, notificationID: job.notificationID, provider: job.provider, channel: job.channel,
            recipientCountry: job.recipientCountry, templateType: job.templateType, status: .softBounce, responseCode: 451,
            latencyMilliseconds: 41.5, attemptedAt: .now, occurredAt: .now)
        let field = Array("{\"recipient\":\"\(recipient(of: .email, 950))\",".utf8)
        return [("outcome", field + JobEncoder.json(outcome).dropFirst()), ("bad-outcome", field + Array("\"job_id\":7}".utf8))]
    }

    /// A body of `/v2/models/herald/infer`.
    func tensor(_ bodies: [[UInt8]]) throws -> [UInt8] {
        let data = bodies.map { String(decoding: $0, as: UTF8.self) }
        let input: [String: Any] = ["name": "job", "shape": [data.count], "datatype": "BYTES", "data": data]
        return Array(try JSONSerialization.data(withJSONObject: ["inputs": [input]]))
    }
}

/// A scorer and a sidecar at their most talkative, and everything that they say.
private final class Watch {
    let key: [UInt8] = (0..<48).map { _ in UInt8.random(in: 33...126) }
    private(set) var pages: [Page] = []
    private let scorer: Child
    private let sidecar: SidecarUnderTest
    private let scorerPort: Int
    /// By role.
    private var secrets: [String: String] = [:]
    private let events: HTTPExchange

    init(_ line: Line, hasKey: Bool) throws {
        var tokens = ""
        for role in ["read", "admin", "predict"] {
            let run = try Command(Herald.path, ["token", "the-\(role)", "--roles", role], environment: Herald.environment).run()
            tokens += run.standardOutput
            secrets[role] = run.standardError.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let keyFile = "\(line.folder)/key"
        try tokens.write(toFile: "\(line.folder)/tokens", atomically: true, encoding: .utf8)
        try Data(key).write(to: URL(fileURLWithPath: keyFile))
        scorerPort = try unusedPort()
        let both = ["log.level=trace", "privacy.recipient-key-file=\(hasKey ? keyFile : "")"]
        let model = ["registry.store=disk", "scoring.model=\(Herald.champion)", "metrics.port=\(scorerPort)"]
        scorer = try line.startScorer(settings: both + model)
        sidecar = try SidecarUnderTest(line, settings: both + ["http.token-file=\(line.folder)/tokens"])
        try sidecar.awaitReadiness("ready") { $0.isEmpty }
        events = try HTTPExchange("GET", "/events", port: sidecar.port, headers: ["Authorization": "Bearer \(secrets["read"] ?? "")"])
        try events.await("the first figures of queues") { $0.contains("event: queues") }
    }

    private func ask(
        _ method: String, _ path: String, as role: String, _ body: [UInt8]? = nil, headers: [String: String] = [:]
    ) throws -> HTTPAnswer {
        var headers = headers
        headers["Authorization"] = "Bearer \(secrets[role] ?? "")"
        let answer = try HTTPAnswer(method, path, port: sidecar.port, body: body, headers: headers)
        let head = answer.headers.map { "\($0.key): \($0.value)\n" }.joined()
        let isQuarantine = path.hasPrefix("/quarantine")
        pages.append(
            Page(place: "\(method) \(path) as \(role)", bytes: Array(head.utf8) + answer.body, isForAdmin: isQuarantine && role == "admin"))
        return answer
    }

    /// Sends canaries in every way that the interface takes jobs.
    ///
    /// - Returns: how many decisions that makes.
    func predict(_ birds: Birds) throws -> Int {
        let jobs = birds.jobs(id: "asked")
        var count = 0
        for (job, explain) in zip(jobs, ["path", "exact", "none", "path", "exact"]) {
            #expect(try ask("POST", "/predict?explain=\(explain)", as: "predict", job.body).status == 200)
            count += 1
        }
        let parts = jobs.map { String(decoding: $0.body, as: UTF8.self) }
        let defects = birds.defects().filter { $0.body.count < 100_000 }
        let whole = birds.defectiveJobs()
        let mixed = parts + whole.map { String(decoding: $0.body, as: UTF8.self) }
        let batch = try ask("POST", "/predict", as: "predict", Array("{\"jobs\":[\(mixed.joined(separator: ","))]}".utf8))
        #expect(batch.status == 200, "\(batch.text)")
        count += jobs.count
        let tensor = try ask("POST", "/v2/models/herald/infer", as: "predict", birds.tensor(jobs.map(\.body) + whole.map(\.body)))
        #expect(tensor.status == 200, "\(tensor.text)")
        count += jobs.count
        for (name, body) in defects {
            let statuses = try [
                ask("POST", "/predict", as: "predict", body), ask("POST", "/v2/models/herald/infer", as: "predict", body),
                ask("POST", "/train", as: "admin", body), ask("POST", "/quarantine/requeue", as: "admin", body),
                ask("POST", "/predict", as: "read", body),
            ].map(\.status)
            #expect(statuses.allSatisfy { (400..<500).contains($0) }, "\(name): \(statuses)")
        }
        return count
    }

    func awaitEvents(decisions count: Int) throws {
        try events.await("\(count) decisions among the events") { _ in events.events.count { $0.name == "decision" } >= count }
        try events.await("the outcome among the events") { _ in events.events.contains { $0.name == "outcome" } }
    }

    /// Puts messages back: one, some for a reason, all.
    func requeue() throws {
        let list = try ask("GET", "/quarantine?limit=200", as: "admin").json()["messages"] as? [[String: Any]] ?? []
        let id = try #require(list.compactMap { $0["id"] as? String }.first)
        for order in ["{\"ids\": [\"\(id)\"]}", "{\"all\": true, \"reason\": \"not_json\"}", "{\"all\": true}"] {
            let answer = try ask("POST", "/quarantine/requeue", as: "admin", Array(order.utf8))
            let moved = try answer.json()["moved"] as? Int ?? 0
            #expect(answer.status == 200 && moved > 0, "\(answer.text)")
        }
    }

    /// Asks for every page that there is, as whoever may read and as an administrator, and for the metrics of both in each form.
    func readEverything(on line: Line) throws {
        let contract = try ask("GET", "/openapi.json", as: "read").json()
        let paths = try #require(contract["paths"] as? [String: [String: Any]])
        for role in ["read", "admin"] {
            let values = try values(as: role)
            for (path, methods) in paths where methods["get"] != nil && path != "/events" {
                for target in try targets(of: path, values) { #expect(try ask("GET", target, as: role).status < 500, "\(target)") }
            }
            for form in ["text/plain;version=0.0.4", "application/openmetrics-text", "application/json"] {
                #expect(try ask("GET", "/metrics", as: role, headers: ["Accept": form]).status == 200)
            }
        }
        for form in ["text/plain;version=0.0.4", "application/openmetrics-text"] {
            let answer = try HTTPAnswer("GET", "/metrics", port: scorerPort, headers: ["Accept": form])
            #expect(answer.status == 200)
            pages.append(Page(place: "the scorer's metrics, \(form)", bytes: answer.body, isForAdmin: false))
        }
        for path in ["/health/live", "/health/ready"] {
            for port in [scorerPort, sidecar.healthPort] {
                pages.append(
                    Page(place: "\(path) on \(port)", bytes: try HTTPAnswer("GET", path, port: port).body, isForAdmin: false))
            }
        }
    }

    /// What stands for each parameter of a path: all decisions, all quarantined messages, the model.
    private func values(as role: String) throws -> [String: [String]] {
        let predictions = try ask("GET", "/predictions?limit=500", as: role).json()["predictions"] as? [[String: Any]] ?? []
        let messages = try ask("GET", "/quarantine?limit=200", as: role).json()["messages"] as? [[String: Any]] ?? []
        #expect(!predictions.isEmpty && !messages.isEmpty)
        return [
            "{decision_id}": predictions.compactMap { $0["decision_id"] as? String }, "{id}": messages.compactMap { $0["id"] as? String },
            "{model}": ["herald", "herald-features"], "{version}": ["v2", "1"], "{run}": ["nothing"],
        ]
    }

    private func targets(of path: String, _ values: [String: [String]]) throws -> [String] {
        var targets = [path]
        for parameter in path.matches(of: /\{[a-z_]+\}/).map({ String($0.0) }) {
            let choice = try #require(values[parameter], "nothing stands for \(parameter) in \(path)")
            targets = targets.flatMap { target in choice.map { target.replacing(parameter, with: $0) } }
        }
        return targets
    }

    /// Ends both and keeps what they said.
    func stop() throws {
        events.leave()
        pages.append(Page(place: "/events", bytes: Array(events.text.utf8), isForAdmin: false))
        for (name, child) in [("scorer", scorer), ("sidecar", sidecar.child)] {
            try child.stopCleanly()
            #expect(child.hasWholeOutput, "the log of the \(name) is longer than what is kept of it")
            pages.append(
                Page(place: "log of the \(name)", bytes: Array((child.standardOutput + child.standardError).utf8), isForAdmin: false))
        }
    }
}
