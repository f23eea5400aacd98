import Foundation
import Testing

/// A scorer and a sidecar at their most talkative, and everything that they say.
final class CanaryWatch {
    let key: [UInt8] = (0..<48).map { _ in UInt8.random(in: 33...126) }
    private(set) var pages: [CanaryPage] = []
    private let scorer: Child
    private let sidecar: SidecarUnderTest
    private let scorerPort: Int
    /// By role.
    private var secrets: [String: String] = [:]
    private let events: HTTPExchange

    init(_ line: Line, hasKey: Bool) throws {
        var tokens = ""
        for role in ["read", "admin", "predict"] {
            let token = try AccessToken(roles: role)
            tokens += token.line
            secrets[role] = token.secret
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
        let isForAdmin = role == "admin" && path.hasPrefix("/quarantine")
        pages.append(
            CanaryPage(place: "\(method) \(path) as \(role)", bytes: Array(head.utf8) + answer.body, isForAdmin: isForAdmin))
        return answer
    }

    /// Sends canaries in every way that the interface takes jobs.
    ///
    /// - Returns: how many decisions that makes.
    func predict(_ birds: CanaryMessages) throws -> Int {
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
            pages.append(CanaryPage(place: "the scorer's metrics, \(form)", bytes: answer.body, isForAdmin: false))
        }
        for path in ["/health/live", "/health/ready"] {
            for port in [scorerPort, sidecar.healthPort] {
                pages.append(
                    CanaryPage(place: "\(path) on \(port)", bytes: try HTTPAnswer("GET", path, port: port).body, isForAdmin: false))
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
        pages.append(CanaryPage(place: "/events", bytes: Array(events.text.utf8), isForAdmin: false))
        for (name, child) in [("scorer", scorer), ("sidecar", sidecar.child)] {
            try child.stopCleanly()
            #expect(child.hasWholeOutput, "the log of the \(name) is longer than what is kept of it")
            pages.append(
                CanaryPage(place: "log of the \(name)", bytes: Array((child.standardOutput + child.standardError).utf8), isForAdmin: false))
        }
    }
}
