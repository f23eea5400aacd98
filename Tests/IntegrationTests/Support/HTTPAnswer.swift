import Foundation

/// An answer as a server gave it, read by a client that leaves nothing out and adds nothing.
struct HTTPAnswer {
    var status: Int
    /// By lower-case name.
    var headers: [String: String] = [:]
    /// Without framing; of an answer that is still coming what has come.
    var body: [UInt8] = []
    /// Whether the end of the body has come.
    private(set) var isComplete = true

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw Failure("no JSON object, but \(status) \(headers) '\(text.prefix(500))'")
        }
        return object
    }

    /// Asks on a connection of its own and waits for the whole answer.
    ///
    /// - Parameter limit: of every wait.
    init(
        _ method: String, _ target: String, port: Int, body: [UInt8]? = nil, headers: [String: String] = [:], limit: Duration = .seconds(30)
    ) throws {
        let socket = try Socket(port: port, limit: limit)
        socket.send(Self.request(method, target, port: port, body: body, headers: headers))
        try self.init(readFrom: socket, isHead: method == "HEAD")
    }

    /// The bytes of a request that asks for the connection's end after its answer.
    static func request(_ method: String, _ target: String, port: Int, body: [UInt8]?, headers: [String: String]) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\n"
        if headers["Host"] == nil { head += "Host: 127.0.0.1:\(port)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        if body != nil, headers["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    /// Reads one answer whole.
    init(readFrom socket: Socket, isHead: Bool = false) throws {
        var bytes: [UInt8] = []
        while let more = socket.receive(), !more.isEmpty {
            bytes += more
            if let answer = try HTTPAnswer(bytes, isHead: isHead), answer.isComplete {
                self = answer
                return
            }
        }
        throw Failure("the answer ends before its end: \(String(decoding: bytes.prefix(500), as: UTF8.self))")
    }

    /// Reads what has come of an answer; `nil` before the end of its head.
    init?(_ bytes: [UInt8], isHead: Bool = false) throws {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count >= 2, let status = Int(first[1]) else {
            throw Failure("no HTTP answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        self.status = status
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        guard !isHead else { return }
        let rest = bytes[end.upperBound...]
        if headers["transfer-encoding"] == "chunked" {
            (body, isComplete) = Self.unchunked(rest)
        } else {
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            body = Array(rest.prefix(length))
            isComplete = body.count == length
        }
    }

    /// The content of the chunks that have come, the last perhaps in part, and whether they are all.
    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> (body: [UInt8], isComplete: Bool) {
        var rest = bytes
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")),
            let size = Int(String(decoding: rest[rest.startIndex..<end].dropLast(), as: UTF8.self), radix: 16)
        {
            if size == 0 { return (body, true) }
            let chunk = rest[(end + 1)...].prefix(size)
            body += chunk
            // Behind a chunk comes the end of a line.
            rest = rest[(end + 1)...].dropFirst(size + 2)
            if chunk.count < size { break }
        }
        return (body, false)
    }
}
