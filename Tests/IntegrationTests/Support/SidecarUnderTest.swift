import Foundation

/// A running `herald serve` of a line.
struct SidecarUnderTest {
    let child: Child
    let port: Int
    let healthPort: Int

    /// Starts it with the repository's champion and waits until it listens.
    init(_ line: Line, settings: [String] = []) throws {
        let own = ["http.port=0", "http.health-port=0", "registry.store=disk", "scoring.model=\(Herald.champion)"]
        child = try line.start(line.command("serve", settings: own + settings))
        try child.awaitOutput("(http)")
        try child.awaitOutput("(health)")
        port = try Self.port("http", in: child.standardError)
        healthPort = try Self.port("health", in: child.standardError)
    }

    private static func port(_ name: String, in log: String) throws -> Int {
        let line = log.split(separator: "\n").first { $0.contains("listening on") && $0.hasSuffix("(\(name))") }
        guard let line, let port = line.split(separator: ":").last?.prefix(while: \.isNumber), let number = Int(port) else {
            throw Failure("no port of '\(name)' in: \(log)")
        }
        return number
    }

    func get(_ path: String, headers: [String: String] = [:]) throws -> HTTPAnswer {
        try HTTPAnswer("GET", path, port: port, headers: headers)
    }

    func post(_ path: String, _ body: [UInt8], headers: [String: String] = [:]) throws -> HTTPAnswer {
        try HTTPAnswer("POST", path, port: port, body: body, headers: headers)
    }

    /// Waits until an answer of `/health/ready` fulfils `condition`.
    func awaitReadiness(_ what: String, within limit: Duration = .seconds(30), _ condition: ([String]) -> Bool) throws {
        var degraded: [String] = []
        try wait(for: "\(what); degraded: \(degraded); it says \(child.standardError.suffix(1000))", within: limit) {
            degraded = try HTTPAnswer("GET", "/health/ready", port: healthPort).json()["degraded"] as? [String] ?? []
            return condition(degraded)
        }
    }
}
