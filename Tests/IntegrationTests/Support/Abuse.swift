import Broker
import Foundation
import Scoring

/// Peers that misbehave towards one port, each kind on a thread of its own and from an address of its own, until they are stopped.
final class Abuse: Sendable {
    enum Kind: CaseIterable {
        /// A hundred requests whose heads come line by line and never end.
        case slowHeads
        /// A hundred requests whose bodies come byte by byte.
        case slowBodies
        /// Five that ask for ten large answers each and take nothing of them.
        case slowReaders
        /// Hundreds of requests before the first answer is read.
        case pipelining
        /// Heads, jobs and bodies beyond every limit, and chunks without end.
        case oversized
        /// What is no HTTP, no JSON or no job.
        case malformed
        /// Ten thousand connections that send half a head, open at the same time; who is closed comes again.
        case halfOpen
    }

    private struct State {
        var isStopped = false
        var running = 0
        /// Times that each kind has done its worst.
        var rounds: [Kind: Int] = [:]
        var failure: String?
    }

    static let halfOpenCount = 10_000
    /// From as many addresses, so that no limit of an address keeps them out.
    private static let halfOpenAddresses = 10

    private let port: Int
    private let state = Monitor(State())

    /// Begins with all kinds but `halfOpen`, which takes the others' connections.
    init(port: Int) throws {
        self.port = port
        for kind in Kind.allCases where kind != .halfOpen { try start(kind) }
    }

    /// Begins with `halfOpen`.
    func openHalf() throws {
        try start(.halfOpen)
    }

    /// Times that each kind has done its worst.
    var rounds: [Kind: Int] { state.withLock { $0.rounds } }

    /// Waits until a kind has done its worst `count` times.
    func await(_ kind: Kind, rounds count: Int = 1, within limit: Duration = .seconds(60)) throws {
        let outcome = state.wait(until: .now + limit) { state -> String? in
            state.rounds[kind, default: 0] >= count ? "" : state.failure
        }
        guard outcome == "" else { throw Failure("\(kind): not \(count) rounds within \(limit): \(outcome ?? "still at it")") }
    }

    /// Ends all of them and closes what they had open.
    func stop() throws {
        state.update { $0.isStopped = true }
        guard state.wait(until: .now + .seconds(60), { $0.running == 0 ? true : nil }) == true else {
            throw Failure("the abuse does not end")
        }
        if let failure = state.withLock({ $0.failure }) { throw Failure(failure) }
    }

    private func start(_ kind: Kind) throws {
        state.update { $0.running += 1 }
        do {
            try DedicatedThread.detach(name: "test-abuse") { [self] in
                do {
                    try run(kind)
                } catch {
                    state.update { $0.failure = "\(kind): \(error)" }
                }
                state.update { $0.running -= 1 }
            }
        } catch {
            state.update { $0.running -= 1 }
            throw error
        }
    }

    private func run(_ kind: Kind) throws {
        switch kind {
        case .slowHeads: dribble(kind, from: "127.0.1.1", start: "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n", drop: "X-A: b\r\n")
        case .slowBodies: dribble(kind, from: "127.0.1.2", start: Self.head("/predict", length: 100_000), drop: " ")
        case .slowReaders: askAndNeverRead()
        case .pipelining: pipeline()
        case .oversized: sendTooMuch()
        case .malformed: sendNonsense()
        case .halfOpen: holdHalfOpen()
        }
    }

    // MARK: Each kind

    private func dribble(_ kind: Kind, from source: String, start: String, drop: String) {
        var sockets: [Socket?] = Array(repeating: nil, count: 100)
        repeat {
            for index in sockets.indices where sockets[index]?.send(drop) != true || sockets[index]?.isEnded != false {
                sockets[index] = connect(from: source, saying: start)
            }
            done(kind)
        } while pause(.milliseconds(500))
    }

    private func askAndNeverRead() {
        let jobs = TestJob.mixed(1000, id: "slow-reader", now: .now).map { String(decoding: $0.body, as: UTF8.self) }
        let body = "{\"jobs\": [\(jobs.joined(separator: ","))]}"
        let request = Array((Self.head("/predict", length: body.utf8.count) + body).utf8)
        var readers: [Socket?] = Array(repeating: nil, count: 5)
        repeat {
            for index in readers.indices {
                // Nothing is read, so an end shows only where something is sent.
                if let reader = readers[index], reader.send("\r\n") { continue }
                readers[index] = try? Socket(port: port, from: "127.0.1.3", receiveBuffer: 4096, limit: .seconds(1))
                for _ in 0..<10 { guard readers[index]?.send(request) == true else { break } }
            }
            done(.slowReaders)
        } while pause(.seconds(1))
    }

    private func pipeline() {
        let job = TestJob(1, id: "pipelined", now: .now).body
        let request = Self.head("/predict", length: job.count) + String(decoding: job, as: UTF8.self)
        let all = String(repeating: request + "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", count: 200)
        repeat {
            if let socket = connect(from: "127.0.1.4", saying: all) {
                var left = 20 << 20
                while left > 0, let bytes = socket.receive(), !bytes.isEmpty { left -= bytes.count }
                done(.pipelining)
            }
        } while pause(.milliseconds(200))
    }

    private func sendTooMuch() {
        let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
        let openings = [
            "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: \(String(repeating: "a", count: 17 << 10))\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\((0..<500).map { "X-\($0): y\r\n" }.joined())\r\n",
            "GET /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            Self.head("/predict", length: 999_999_999),
            "POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n",
            "POST /v2/models/herald/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\n",
        ]
        repeat {
            for opening in openings {
                guard let socket = connect(from: "127.0.1.5", saying: opening) else { continue }
                for _ in 0..<6 { guard socket.send(chunk) else { break } }
                done(.oversized)
            }
        } while pause(.milliseconds(200))
    }

    private func sendNonsense() {
        let deep = String(repeating: "[", count: 10_000)
        let bodies = ["{", "\u{0}", "[]", "{\"job_id\": 7}", "{\"jobs\": [\(deep)]}", "{\"jobs\": [{}, 1, null]}", "\u{FEFF}{}", deep]
        let texts =
            [
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "NOT HTTP\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n: \r\n\r\n",
                "\r\n\r\n\r\n",
                "POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n{}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
            ] + bodies.map { Self.head("/predict", length: $0.utf8.count) + $0 }
        repeat {
            for text in texts where connect(from: "127.0.1.6", saying: text) != nil { done(.malformed) }
        } while pause(.milliseconds(100))
    }

    private func holdHalfOpen() {
        var sockets: [Socket?] = Array(repeating: nil, count: Self.halfOpenCount)
        repeat {
            for index in sockets.indices where sockets[index]?.isEnded != false {
                sockets[index] = nil
                sockets[index] = connect(from: "127.0.2.\(index % Self.halfOpenAddresses + 1)", saying: "POST /predict HTTP/1.1\r\nHo")
                if index % 100 == 0, !pause(.zero) { return }
            }
            done(.halfOpen)
        } while pause(.milliseconds(500))
    }

    // MARK: What they share

    private static func head(_ path: String, length: Int) -> String {
        "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// A connection on which this has been said; `nil` where the sidecar does not take it.
    private func connect(from source: String, saying text: String) -> Socket? {
        guard let socket = try? Socket(port: port, from: source, limit: .seconds(2)), socket.send(text) else { return nil }
        return socket
    }

    private func done(_ kind: Kind) {
        state.update { $0.rounds[kind, default: 0] += 1 }
    }

    /// `false` once they are to stop.
    private func pause(_ duration: Duration) -> Bool {
        state.wait(until: .now + duration) { $0.isStopped ? true : nil } == nil
    }
}
