import Foundation

/// The samples of one reading of /metrics.
struct Scrape {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    let samples: [Sample]
    let text: String

    /// Reads the metrics in Prometheus' text format.
    init(port: Int) throws {
        let answer = try HTTPAnswer("GET", "/metrics", port: port)
        guard answer.status == 200, answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8" else {
            throw Failure("/metrics: \(answer.status) \(answer.headers) \(answer.text.prefix(500))")
        }
        text = answer.text
        samples = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(Self.sample)
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/),
            let value = match.3 == "+Inf" ? .infinity : Double(match.3)
        else { throw Failure("no sample: \(line)") }
        var labels: [String: String] = [:]
        for label in (match.2 ?? "").matches(of: /([a-z_]+)="([^"]*)"/) { labels[String(label.1)] = String(label.2) }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    /// Sum of the samples of that name whose labels include these.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        samples.filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }
            .reduce(0) { $0 + $1.value }
    }

    /// What `promtool check metrics` finds wrong; empty = nothing.
    func defects(folder: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let path = "\(folder)/metrics.txt"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let script = "PATH=\"$PATH:\(root)/.local/promtool\"; promtool check metrics <'\(path)'"
        let run = try Command("/bin/sh", ["-c", script], environment: Herald.environment).run()
        return run.exitCode == 0 ? run.text : "exit code \(run.exitCode): \(run.text)"
    }
}

/// A loopback port on which nobody listens: it was free a moment ago.
func unusedPort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
        }
    }
    guard result == 0 else { throw Failure("no port to be had: \(String(cString: strerror(errno)))") }
    return Int(UInt16(bigEndian: address.sin_port))
}
