import Foundation
import Scoring
import Sidecar
import Testing

extension WholeLine {
    /// Peers that are slow, greedy or broken: the sidecar goes on answering others.
    @Suite struct SidecarAbuseTests {
        /// The head of a request for a prediction.
        private static func head(length: Int) -> String {
            "POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
        }

        @Test("Heads of more than 16 KiB, bodies of more than 4 MiB and jobs of more than 256 KiB are refused")
        func tooLarge() throws {
            try Line.run("large") { line in
                let sidecar = try SidecarUnderTest(line)
                let head = try sidecar.get("/health/live", headers: ["X-Large": String(repeating: "a", count: 17 * 1024)])
                #expect(head.status == 400)
                let padding = String(repeating: "x", count: 300 * 1024)
                let job = try sidecar.post("/predict", Array("{\"padding\": \"\(padding)\"}".utf8))
                #expect(job.status == 413, "\(job.text)")
                #expect(try job.json()["type"] as? String == "urn:herald:problem:too-large")
                let blanks = try sidecar.post("/predict", Array(repeating: 0x20, count: 300 * 1024))
                #expect(blanks.status == 400, "\(blanks.text)")
                let socket = try Socket(port: sidecar.port)
                socket.send(Self.head(length: 999_999_999))
                let chunk = [UInt8](repeating: 0x20, count: 1 << 20)
                for _ in 0..<6 where socket.send(chunk) {}
                #expect(try HTTPAnswer(readFrom: socket).status == 413)
                #expect(try sidecar.get("/health/live").status == 200)
            }
        }

        @Test("A body that comes drop by drop is cut off after the body timeout, and so is a head after the idle timeout")
        func slow() throws {
            try Line.run("slow") { line in
                let sidecar = try SidecarUnderTest(line)
                let slowBody = try Socket(port: sidecar.port, limit: .seconds(1))
                slowBody.send(Self.head(length: 100_000))
                let slowHead = try Socket(port: sidecar.port, limit: .seconds(1))
                slowHead.send("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                let began = ContinuousClock.now
                var bodyEnd: Duration?
                var headEnd: Duration?
                while bodyEnd == nil || headEnd == nil, ContinuousClock.now - began < .seconds(90) {
                    if bodyEnd == nil, !slowBody.send(" ") || slowBody.receive()?.isEmpty == true { bodyEnd = ContinuousClock.now - began }
                    if headEnd == nil, !slowHead.send("X-A: b\r\n") || slowHead.receive()?.isEmpty == true {
                        headEnd = ContinuousClock.now - began
                    }
                    #expect(try HTTPAnswer("GET", "/health/live", port: sidecar.healthPort).status == 200)
                }
                #expect(try #require(bodyEnd) < .seconds(30))
                #expect(try #require(headEnd) < .seconds(75))
            }
        }

        @Test("Ten thousand connections that send half a head: predictions and health go on")
        func halfOpen() throws {
            FileDescriptors.raiseLimit()
            try Line.run("flood") { line in
                let sidecar = try SidecarUnderTest(line)
                let job = TestJob(3, id: "flood", now: .now).body
                var sockets: [Socket] = []
                var refused = 0
                for index in 0..<10_000 {
                    guard let socket = try? Socket(port: sidecar.port, limit: .seconds(5)), socket.send("POST /predict HTTP/1.1\r\nHo")
                    else {
                        refused += 1
                        continue
                    }
                    sockets.append(socket)
                    // The first thousand stay open until the end; those beyond the limit are closed by the sidecar.
                    if sockets.count > 2000 { sockets.remove(at: 1500) }
                    if index.isMultiple(of: 500) {
                        let began = ContinuousClock.now
                        #expect(try HTTPAnswer("GET", "/health/live", port: sidecar.healthPort, limit: .seconds(5)).status == 200)
                        #expect(ContinuousClock.now - began < .seconds(5))
                        // Whoever comes from elsewhere is not in the flood's way.
                        let other = try Socket(port: sidecar.port, from: "127.0.0.2", limit: .seconds(5))
                        other.send(HTTPAnswer.request("POST", "/predict", port: sidecar.port, body: job, headers: [:]))
                        #expect(try HTTPAnswer(readFrom: other).status == 200)
                    }
                }
                // All of one address's connections are taken until the idle ones are cut off; then others get in again.
                sockets.removeAll()
                try wait(for: "a prediction after the flood") {
                    (try? sidecar.post("/predict", job).status) == 200
                }
                #expect(refused < 10_000)
                try sidecar.child.stopCleanly()
            }
        }

        @Test("A client that leaves in the middle is no error of the sidecar; a coding that it does not know is the client's")
        func broken() throws {
            try Line.run("broken") { line in
                let sidecar = try SidecarUnderTest(line)
                let unknown = try Socket(port: sidecar.port)
                unknown.send("POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
                let answer = try HTTPAnswer(readFrom: unknown)
                #expect(answer.status == 400, "\(answer.text)")
                #expect(try answer.json()["type"] as? String == "urn:herald:problem:invalid-body")
                #expect(answer.headers["connection"] == "close" && unknown.isEndedByPeer())
                let chunk = try Socket(port: sidecar.port)
                chunk.send("POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n")
                #expect(try HTTPAnswer(readFrom: chunk).status == 400)

                for isAborted in [false, true] {
                    let socket = try Socket(port: sidecar.port)
                    socket.send(Self.head(length: 1000) + "{")
                    Thread.sleep(forTimeInterval: 0.2)
                    if isAborted { socket.abort() }
                }
                func counts() throws -> [Substring] {
                    try sidecar.get("/metrics", headers: ["Accept": "text/plain"]).text.split(separator: "\n").filter {
                        $0.hasPrefix("herald_http_requests_total") && $0.contains("/predict")
                    }
                }
                try wait(for: "both are counted as gone: \((try? counts()) ?? [])") {
                    try counts().contains { $0.contains("status=\"499\"") && $0.hasSuffix(" 2") }
                }
                #expect(try !counts().contains { $0.contains("status=\"500\"") }, "an error of the sidecar's own")
                #expect(!sidecar.child.standardError.contains("/predict"), "\(sidecar.child.standardError.suffix(1000))")
            }
        }

        @Test("Beyond the requests that may be answered at a time it sheds, at once and in plain words, and then goes on")
        func shedding() throws {
            try Line.run("shed") { line in
                let sidecar = try SidecarUnderTest(line, settings: ["http.requests-in-flight=2"])
                var slow: [Socket] = []
                // One that comes while the question itself is being answered may be the one that is shed.
                try wait(for: "two are being answered") {
                    let socket = try Socket(port: sidecar.port)
                    socket.send(Self.head(length: 1000) + "{")
                    slow.append(socket)
                    return try sidecar.get("/session").status == 503
                }
                let began = ContinuousClock.now
                let shed = try sidecar.post("/predict", TestJob(1, id: "shed", now: .now).body)
                #expect(shed.status == 503)
                #expect(ContinuousClock.now - began < .seconds(2))
                #expect(shed.headers["retry-after"].flatMap { Int($0) } == 1)
                #expect(shed.headers["content-type"] == "application/problem+json")
                #expect(try shed.json()["type"] as? String == "urn:herald:problem:overloaded")
                #expect(try HTTPAnswer("GET", "/health/live", port: sidecar.healthPort).status == 200)
                slow.removeAll()
                try wait(for: "room again") {
                    try sidecar.post("/predict", TestJob(1, id: "later", now: .now).body).status == 200
                }
            }
        }

        @Test("Requests sent without waiting for answers are answered in their order; what is no HTTP ends its connection")
        func pipelined() throws {
            try Line.run("pipeline") { line in
                let sidecar = try SidecarUnderTest(line)
                let socket = try Socket(port: sidecar.port)
                let count = 50
                socket.send((0..<count).map { "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: r\($0)\r\n\r\n" }.joined())
                var text = ""
                try wait(for: "\(count) answers, of which there are: \(text.count)") {
                    text += socket.receive().map { String(decoding: $0, as: UTF8.self) } ?? ""
                    return text.matches(of: /X-Request-ID: r\d+/).count == count
                }
                let order = text.matches(of: /X-Request-ID: r(\d+)/).compactMap { Int($0.1) }
                #expect(order == Array(0..<count))

                for garbage in ["\u{16}\u{3}\u{1}\u{2}", "NOT HTTP\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n: \r\n\r\n"] {
                    let socket = try Socket(port: sidecar.port, limit: .seconds(70))
                    socket.send(garbage + String(repeating: "\r\n\r\n", count: 4))
                    #expect(socket.isEndedByPeer(), "\(garbage)")
                }
                #expect(try sidecar.get("/health/live").status == 200)
            }
        }

        @Test("A peer that asks for much and reads nothing is cut off, and costs the sidecar the memory of an answer or two")
        func slowReader() throws {
            try Line.run("reader") { line in
                let sidecar = try SidecarUnderTest(line)
                let jobs = TestJob.mixed(1000, id: "reader", now: .now).map { String(decoding: $0.body, as: UTF8.self) }
                let body = Array("{\"jobs\": [\(jobs.joined(separator: ","))]}".utf8)
                let head = Self.head(length: body.count)
                try sidecar.awaitReadiness("every connection of its own") { $0.isEmpty }
                // What one such request leaves allocated for the next ones does not count.
                let answerBytes = try (0..<3).map { _ in try sidecar.post("/predict", body).body.count }[2]
                let memory = try sidecar.child.residentBytes()
                let requests = 60
                let readers = try (0..<5).map { _ in try Socket(port: sidecar.port, receiveBuffer: 4096, limit: .seconds(1)) }
                for reader in readers {
                    for _ in 0..<requests { guard reader.send(Array(head.utf8) + body) else { break } }
                }
                let answer = try sidecar.post("/predict", TestJob(1, id: "other", now: .now).body)
                #expect(answer.status == 200)
                // Of each one answer waits, and perhaps the next is being made; all that they ask for would be four times as much.
                var more = 0
                for _ in 0..<50 {
                    more = max(more, try sidecar.child.residentBytes() - memory)
                    Thread.sleep(forTimeInterval: 0.1)
                }
                #expect(more < readers.count * requests * answerBytes / 4, "\(more >> 20) MiB for answers of \(answerBytes >> 10) KiB")
                // The stall timeout, and some: from here on nobody who is still connected would have been cut off for it.
                Thread.sleep(forTimeInterval: 25)
                for reader in readers {
                    var received = 0
                    var isEnded = false
                    while !isEnded, let bytes = reader.receive(1 << 20) {
                        received += bytes.count
                        isEnded = bytes.isEmpty
                    }
                    #expect(isEnded, "after \(received) bytes")
                    #expect(received < requests * answerBytes)
                }
                try sidecar.child.stopCleanly()
            }
        }
    }
}
