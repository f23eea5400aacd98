import Foundation

/// A small HTTP/1.1 client: one request on a connection of its own, so that a test sees exactly what a server says.
struct HTTPAnswer {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw Failure("no JSON object: \(text.prefix(500))")
        }
        return object
    }

    /// Asks and waits for the whole answer.
    init(
        _ method: String, _ path: String, port: Int, body: [UInt8]? = nil, headers: [String: String] = [:], limit: Duration = .seconds(30)
    ) throws {
        let socket = try Socket(port: port, limit: limit)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if let body { head += "Content-Length: \(body.count)\r\n" }
        if body != nil, headers["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        socket.send(Array((head + "\r\n").utf8) + (body ?? []))
        try self.init(readFrom: socket, isHead: method == "HEAD")
    }

    /// Reads one answer.
    init(readFrom socket: Socket, isHead: Bool = false) throws {
        var bytes: [UInt8] = []
        var headEnd: Int?
        while headEnd == nil {
            guard let more = socket.receive(), !more.isEmpty else {
                throw Failure("the answer ends in its head: \(String(decoding: bytes, as: UTF8.self))")
            }
            bytes += more
            headEnd = bytes.indices.first { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }
        }
        let end = headEnd ?? 0
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count >= 2, let status = Int(first[1]) else {
            throw Failure("no HTTP answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        self.status = status
        headers = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        body = Array(bytes[(end + 4)...])
        guard !isHead else { return }
        if headers["transfer-encoding"] == "chunked" {
            while !body.suffix(5).elementsEqual("0\r\n\r\n".utf8), let more = socket.receive(), !more.isEmpty { body += more }
        } else {
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            while body.count < length, let more = socket.receive(), !more.isEmpty { body += more }
            guard body.count == length else { throw Failure("the answer has \(body.count) of \(length) bytes") }
        }
    }
}
