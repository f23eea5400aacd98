import Broker
import Foundation

/// A request on a connection of its own whose answer is collected as it comes: for answers that do not end, such as a stream of events.
final class HTTPExchange: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
    }

    private let state = Monitor(State())
    /// Unsafe: after `init` the reader's thread alone reads, and others at most shut it down, which any thread may.
    private nonisolated(unsafe) let socket: Socket

    /// Connects and sends.
    init(_ method: String, _ target: String, port: Int, headers: [String: String] = [:], body: [UInt8]? = nil) throws {
        socket = try Socket(port: port, limit: .seconds(3600))
        guard socket.send(HTTPAnswer.request(method, target, port: port, body: body, headers: headers)) else {
            throw Failure("the server does not take the request")
        }
        nonisolated(unsafe) let reader = socket
        try DedicatedThread.detach(name: "test-http") { [state] in
            while let bytes = reader.receive(), !bytes.isEmpty { state.update { $0.bytes += bytes } }
            state.update { $0.isOver = true }
        }
    }

    deinit { leave() }

    /// Leaves, as a client does that is closed.
    func leave() {
        _ = shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    /// Waits for the end of the answer.
    func answer(within limit: Duration = .seconds(30)) throws -> HTTPAnswer {
        guard state.wait(until: .now + limit, { $0.isOver ? true : nil }) == true else { throw Failure("no answer within \(limit)") }
        guard let answer = try HTTPAnswer(state.withLock { $0.bytes }) else { throw Failure("no head of an answer") }
        return answer
    }

    /// What has come so far, without head and framing.
    var text: String { (try? HTTPAnswer(state.withLock { $0.bytes }))?.text ?? "" }

    /// Waits until what has come fulfils a condition, which is looked at whenever something has come.
    func await(_ what: String, within limit: Duration = .seconds(30), _ condition: (String) -> Bool) throws {
        let deadline = MonotonicTime.now + limit
        var seen = -1
        while true {
            let found = state.wait(until: deadline) { state in
                state.bytes.count > seen || state.isOver ? (count: state.bytes.count, isOver: state.isOver) : nil
            }
            if condition(text) { return }
            guard let found, !found.isOver else { break }
            seen = found.count
        }
        throw Failure("\(what): not within \(limit); there came:\n\(text.suffix(2000))")
    }

    /// The whole messages of an event stream that have come.
    var events: [StreamEvent] {
        text.components(separatedBy: "\n\n").dropLast().compactMap(StreamEvent.init)
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
