import Foundation

/// What wrk measures of a route in some seconds at as many requests as its connections get answered.
struct LoadRun {
    /// Answers a second.
    var rate: Double
    /// Milliseconds from a request to its answer.
    var p50: Double
    var p99: Double
    /// Answers with another status than 2xx or 3xx, and connections that broke.
    var failures: Int

    /// - Parameter script: file with the request, as wrk's Lua.
    init(port: Int, path: String, script: String, connections: Int, seconds: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "wrk", "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--latency", "--timeout", "10s",
            "--script", script, "http://127.0.0.1:\(port)\(path)",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, let rate = text.firstMatch(of: /Requests\/sec:\s+([0-9.]+)/).flatMap({ Double($0.1) }),
            let p50 = Self.milliseconds(text.firstMatch(of: /50%\s+([0-9.]+)(us|ms|s)/)),
            let p99 = Self.milliseconds(text.firstMatch(of: /99%\s+([0-9.]+)(us|ms|s)/))
        else { throw BenchmarkError("wrk (Debian package wrk) does not measure \(path): \(text)") }
        self.rate = rate
        self.p50 = p50
        self.p99 = p99
        let statuses = text.firstMatch(of: /Non-2xx or 3xx responses: (\d+)/).flatMap { Int($0.1) } ?? 0
        let errors = text.firstMatch(of: /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/)
        failures = statuses + [errors?.1, errors?.2, errors?.3, errors?.4].reduce(0) { $0 + ($1.flatMap { Int($0) } ?? 0) }
    }

    private static func milliseconds(_ match: Regex<(Substring, Substring, Substring)>.Match?) -> Double? {
        guard let match, let value = Double(match.1) else { return nil }
        return switch match.2 {
        case "us": value / 1000
        case "ms": value
        default: value * 1000
        }
    }
}
