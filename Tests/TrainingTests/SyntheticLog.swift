import Foundation
import Scoring
import Testing

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A made-up data set with effects that can be learnt: provider, country, attempt number, delay and hour.
struct SyntheticLog {
    static let header = """
        job_id,notification_id,channel,provider,recipient,recipient_country,template_type,payload_size,created_at,send_time,expires_at,\
        previous_attempts,last_status,response_code,latency_ms,last_attempt_at,delay_ms,logging_policy,propensity,status,\
        outcome_response_code,outcome_latency_ms
        """

    /// Lines without line ends, the header first.
    private(set) var lines: [String] = [header]

    /// One to three attempts for each notification, in the order of decision; the last `pending` rows have no outcome yet.
    init(notifications: Int, seed: UInt64 = 1, pending: Int = 0) {
        var generator = SeededGenerator(state: seed)
        let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z")?.milliseconds ?? 0
        for index in 0..<notifications {
            addNotification(index, createdAt: Timestamp(milliseconds: start + Int64(index) * 37_000), &generator)
        }
        sortByDecision()
        for index in lines.indices.suffix(pending) {
            lines[index] = lines[index].split(separator: ",", omittingEmptySubsequences: false).prefix(19).joined(separator: ",") + ",,,"
        }
    }

    private mutating func sortByDecision() {
        let sendTime = Self.header.split(separator: ",").firstIndex(of: "send_time") ?? 0
        let rows = lines.dropFirst().map { (time: $0.split(separator: ",", omittingEmptySubsequences: false)[sendTime], line: $0) }
        lines = [Self.header] + rows.sorted { $0.time < $1.time }.map(\.line)
    }

    private mutating func addNotification(_ index: Int, createdAt: Timestamp, _ generator: inout SeededGenerator) {
        let providers = ["alpha", "beta", "gamma"]
        let countries = ["DE", "FR", "NG", "US", "BR"]
        let provider = Int.random(in: 0..<providers.count, using: &generator)
        let country = Int.random(in: 0..<countries.count, using: &generator)
        var sendTime = createdAt
        var (lastStatus, lastCode, lastLatency, lastAttemptAt) = ("none", "", "", "")
        for attempt in 0..<3 {
            let delay = Int64([0, 60_000, 900_000].randomElement(using: &generator) ?? 0)
            let hour = (sendTime + delay).milliseconds / 3_600_000 % 24
            let logit =
                1.2 - 1.1 * Double(provider) + (country == 2 ? -1.5 : 0.3) + (delay > 0 ? 0.6 : 0) - 0.4 * Double(attempt)
                + (hour < 8 ? -0.5 : 0.2)
            let isDelivered = Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-logit))
            let status = isDelivered ? "delivered" : "timeout"
            let latency = Int.random(in: 20...900, using: &generator)
            lines.append(
                """
                n\(index)-\(attempt),n\(index),email,\(providers[provider]),user\(index)@example.com,\(countries[country]),transactional,\
                \(Int.random(in: 100...5000, using: &generator)),\(createdAt.rfc3339),\(sendTime.rfc3339),,\
                \(attempt),\(lastStatus),\(lastCode),\(lastLatency),\(lastAttemptAt),\(delay),uniform,0.3333,\(status),\
                \(isDelivered ? 250 : 421),\(latency)
                """)
            guard !isDelivered else { return }
            lastAttemptAt = (sendTime + delay).rfc3339
            (lastStatus, lastCode, lastLatency) = (status, "421", "\(latency)")
            sendTime = sendTime + delay + Int64(latency)
        }
    }

    /// Replaces the field of a column in a line; lines count from 1, the header's number.
    mutating func set(_ column: String, line: Int, to value: String) throws {
        let index = try #require(Self.header.split(separator: ",").firstIndex(of: column[...]))
        var fields = lines[line - 1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        fields[index] = value
        lines[line - 1] = fields.joined(separator: ",")
    }

    mutating func replaceLine(_ line: Int, with text: String) {
        lines[line - 1] = text
    }
}

/// A folder of its own, removed at the end of the test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("herald-training-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ log: SyntheticLog, lineEnd: String = "\n") throws -> String {
        try write(log.lines.joined(separator: lineEnd) + lineEnd)
    }

    func write(_ text: String) throws -> String {
        let file = "\(path)/attempts.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    func contents(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
    }

    func entries(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
}
