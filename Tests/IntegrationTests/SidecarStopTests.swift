import Foundation
import Scoring
import Testing

extension WholeLine {
    /// What goes on must not keep a sidecar from ending, nor one request others from being answered.
    @Suite struct SidecarStopTests {
        private static let away = ["mongodb.url=mongodb://127.0.0.1:1/?replicaSet=rs0", "rabbitmq.url=amqp://guest:guest@127.0.0.1:1/"]

        private static func batch(_ count: Int) -> [UInt8] {
            let jobs = (0..<count).map { String(decoding: TestJob($0, .backedOff, id: "stop", now: .now).body, as: UTF8.self) }
            return Array("{\"jobs\":[\(jobs.joined(separator: ","))]}".utf8)
        }

        /// Sends a request and leaves its answer where it is.
        private static func ask(_ sidecar: SidecarUnderTest, _ method: String, _ path: String, _ body: [UInt8] = []) throws -> Socket {
            let socket = try Socket(port: sidecar.port)
            let head =
                "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
            socket.send(Array(head.utf8) + body)
            return socket
        }

        @Test("With calls that wait for a database that is away, and batches under way, SIGTERM ends the sidecar within 5 s")
        func stop() throws {
            try Line.run("stop", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let batch = Self.batch(1000)
                let exact = Self.batch(16)
                var sockets: [Socket] = []
                for _ in 0..<24 { sockets.append(try Self.ask(sidecar, "GET", "/predictions")) }
                for _ in 0..<4 { sockets.append(try Self.ask(sidecar, "POST", "/predict", batch)) }
                for _ in 0..<8 { sockets.append(try Self.ask(sidecar, "POST", "/predict?explain=exact", exact)) }
                #expect(try HTTPAnswer("GET", "/health/live", port: sidecar.healthPort).status == 200)
                let start = ContinuousClock.now
                sidecar.child.send(SIGTERM)
                let code = sidecar.child.awaitExit(within: .seconds(20))
                #expect(code == 0 || code == 3, "\(sidecar.child.standardError.suffix(2000))")
                #expect(ContinuousClock.now - start < .seconds(6), "the limit and the noise of a machine at work")
                withExtendedLifetime(sockets) {}
            }
        }

        @Test("Exact explanations of many jobs at a time are refused, and those of few keep neither health nor others waiting")
        func exact() throws {
            try Line.run("exact", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let refused = try sidecar.post("/predict?explain=exact", Self.batch(17))
                #expect(refused.status == 400)
                #expect(try refused.json()["field"] as? String == "explain")

                let exact = Self.batch(16)
                let sockets = try (0..<24).map { _ in try Self.ask(sidecar, "POST", "/predict?explain=exact", exact) }
                let job = TestJob(1, .backedOff, id: "beside", now: .now).body
                for _ in 0..<20 {
                    let start = ContinuousClock.now
                    #expect(try HTTPAnswer("GET", "/health/live", port: sidecar.healthPort).status == 200)
                    #expect(try sidecar.post("/predict", job).status == 200)
                    #expect(ContinuousClock.now - start < .seconds(2))
                }
                for socket in sockets { #expect([200, 503].contains(try HTTPAnswer(readFrom: socket).status)) }
            }
        }

        @Test("More batches than can be answered in time are refused with 503 and when to try again; memory is given back")
        func batches() throws {
            try Line.run("batches", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let batch = Self.batch(1000)
                let sockets = try (0..<24).map { _ in try Self.ask(sidecar, "POST", "/predict", batch) }
                let answers = try sockets.map { try HTTPAnswer(readFrom: $0) }
                let (done, refused) = (answers.filter { $0.status == 200 }, answers.filter { $0.status == 503 })
                #expect(done.count + refused.count == 24 && !done.isEmpty)
                for answer in done { #expect((try answer.json()["predictions"] as? [Any])?.count == 1000) }
                for answer in refused { #expect(answer.headers["retry-after"] != nil && answer.text.contains("overloaded")) }
                #expect(try sidecar.post("/predict", batch).status == 200)
            }
        }

        @Test("Metrics and models on the disk are there while the database is not, whoever waits for it")
        func pools() throws {
            try Line.run("pools", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let sockets = try (0..<30).map { _ in try Self.ask(sidecar, "GET", "/predictions") }
                let start = ContinuousClock.now
                #expect(try sidecar.get("/metrics", headers: ["Accept": "text/plain"]).status == 200)
                #expect(try sidecar.get("/models").status == 200)
                #expect(ContinuousClock.now - start < .seconds(4))
                withExtendedLifetime(sockets) {}
            }
        }

        @Test(
            "A page of another site changes nothing and reads nothing where no token is asked for",
            arguments: [
                ("POST", ["Origin": "http://evil.example"], "Origin"), ("POST", ["Origin": "null"], "Origin"),
                ("POST", ["Sec-Fetch-Site": "cross-site"], "Sec-Fetch-Site"), ("POST", ["Sec-Fetch-Site": "same-site"], "Sec-Fetch-Site"),
                ("GET", ["Host": "evil.example"], "Host"), ("GET", ["Host": "127.0.0.1.evil.example:8080"], "Host"),
            ])
        func otherSites(method: String, headers: [String: String], field: String) throws {
            try Line.run("sites", declared: false) { line in
                let sidecar = try SidecarUnderTest(line, settings: Self.away)
                let body = TestJob(1, id: "site", now: .now).body
                let answer =
                    try method == "GET" ? sidecar.get("/models", headers: headers) : sidecar.post("/predict", body, headers: headers)
                #expect(answer.status == 403)
                #expect(try answer.json()["field"] as? String == field)
                // Its own page, and programs.
                for own in [["Origin": "http://127.0.0.1:\(sidecar.port)", "Sec-Fetch-Site": "same-origin"], [:]] {
                    #expect(try sidecar.post("/predict", body, headers: own).status == 200)
                }
            }
        }
    }
}
