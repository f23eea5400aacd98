import Broker
import Foundation

/// One request on a connection of its own, and what comes back, collected as it comes.
final class HTTPExchange: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
    }

    /// An answer that is over.
    struct Answer {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: String

        /// The body as JSON.
        func json() throws -> [String: Any] {
            guard let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] else {
                throw Failure("no JSON object: \(body.prefix(500))")
            }
            return object
        }
    }

    private let state = Monitor(State())
    private let descriptor: Int32

    /// Connects and sends.
    init(_ method: String, _ target: String, port: Int, headers: [String] = [], body: String = "") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure("no connection to port \(port): \(String(cString: strerror(errno)))") }
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"] + headers
        if !body.isEmpty { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Failure("the server does not take the request") }
            rest = rest.dropFirst(sent)
        }
        try DedicatedThread.detach(name: "test-http") { [state, descriptor] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                state.update { $0.bytes += buffer[..<count] }
            }
            state.update { $0.isOver = true }
        }
    }

    deinit {
        close(descriptor)
    }

    /// Leaves, as a client does that is closed.
    func leave() {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Waits for the end of the answer.
    func answer(within limit: Duration = .seconds(30)) throws -> Answer {
        guard state.wait(until: .now + limit, { $0.isOver ? true : nil }) == true else { throw Failure("no answer within \(limit)") }
        return try Self.parse(state.withLock { $0.bytes })
    }

    /// What has come so far, without head and framing.
    var text: String { (try? Self.parse(state.withLock { $0.bytes }).body) ?? "" }

    /// Waits until what has come fulfils a condition.
    func await(_ what: String, within limit: Duration = .seconds(30), _ condition: (String) -> Bool) throws {
        let deadline = MonotonicTime.now + limit
        var seen = -1
        while MonotonicTime.now < deadline {
            let count = state.withLock { $0.bytes.count }
            if count != seen {
                seen = count
                if condition(text) { return }
            }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw Failure("\(what): not within \(limit); there came:\n\(text.suffix(2000))")
    }

    /// The whole messages of an event stream that have come.
    var events: [StreamEvent] {
        text.components(separatedBy: "\n\n").dropLast().compactMap(StreamEvent.init)
    }

    private static func parse(_ bytes: [UInt8]) throws -> Answer {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { throw Failure("no head of an answer: \(text.prefix(200))") }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw Failure("no status: \(lines[0])") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let head = text[..<end.upperBound].utf8.count
        let isChunked = headers["transfer-encoding"] == "chunked"
        let body = isChunked ? unchunked(bytes[head...]) : Array(bytes[head...])
        return Answer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var rest = bytes
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 0x0A),
            let size = Int(String(decoding: rest[rest.startIndex..<end - 1], as: UTF8.self), radix: 16),
            size > 0
        {
            let chunk = rest[(end + 1)...].prefix(size)
            body += chunk
            guard chunk.count == size else { break }
            rest = rest[(end + 1 + size)...].dropFirst(2)
        }
        return body
    }
}

/// A message of an event stream.
struct StreamEvent {
    var name = ""
    var id: String?
    var data = ""

    /// `nil` for comments.
    init?(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
            if line.hasPrefix("data: ") { data = String(line.dropFirst(6)) }
        }
        guard !data.isEmpty else { return nil }
    }

    /// A text of the data.
    subscript(_ key: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])?[key] as? String
    }
}
