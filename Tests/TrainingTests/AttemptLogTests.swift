import Foundation
import Scoring
import Testing
import Training

@Suite struct AttemptLogTests {
    /// The error that training on `text` ends with.
    private func error(_ text: String) throws -> AttemptLogError? {
        let scratch = try Scratch()
        let data = try scratch.write(text)
        let configuration = TrainingConfiguration(
            dataPaths: [data], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        return #expect(throws: AttemptLogError.self) { try Trainer(configuration).run { _ in } }
    }

    static let badValues: [(String, String)] = [
        ("job_id", ""), ("job_id", String(repeating: "x", count: 129)), ("notification_id", ""), ("channel", "fax"),
        ("provider", ""), ("recipient", String(repeating: "x", count: 4097)), ("recipient_country", "XZZ"),
        ("recipient_country", "de"), ("template_type", "spam"), ("payload_size", "-1"), ("payload_size", "1.5"),
        ("payload_size", "99999999999999999999"), ("created_at", "yesterday"), ("created_at", ""), ("send_time", "2026-02-30T00:00:00Z"),
        ("expires_at", "1"), ("previous_attempts", ""), ("last_status", "lost"), ("last_status", ""), ("response_code", "x"),
        ("latency_ms", "-1"), ("latency_ms", "nan"), ("latency_ms", "0x10"), ("last_attempt_at", "never"), ("delay_ms", ""),
        ("delay_ms", "-1"), ("delay_ms", "604800001"), ("propensity", "1.5"), ("status", "none"), ("status", "ok"),
        ("outcome_response_code", "1e3"), ("outcome_latency_ms", "-5"),
    ]

    @Test(arguments: badValues)
    func aBadValueIsNamedByLineAndColumn(column: String, value: String) throws {
        var log = SyntheticLog(notifications: 20)
        try log.set(column, line: 9, to: value)
        let error = try error(log.lines.joined(separator: "\n"))
        #expect(error?.line == 9)
        #expect(error?.column == column)
        #expect(error?.description.contains("attempts.csv:9: \(column): ") == true)
    }

    @Test func headerMustBeTheDataSets() throws {
        let header = SyntheticLog.header
        #expect(try error("")?.reason == "the file is empty")
        #expect(try error("job_id\n")?.reason == "column 2 of the header is missing, not 'notification_id'")
        #expect(try error(header + ",more\n")?.reason == "column 23 of the header is 'more', one too many")
        let swapped = try error(header.replacingOccurrences(of: "channel,provider", with: "provider,channel") + "\n")
        #expect(swapped?.line == 1)
        #expect(swapped?.reason == "column 3 of the header is 'provider', not 'channel'")
    }

    @Test func brokenRowsAreNamedByLine() throws {
        let log = SyntheticLog(notifications: 10)
        let broken: [(String, String)] = [
            ("a,b", "2 fields, not 22"), ("", "1 fields, not 22"), ("\"a", "the file ends inside a quoted field"),
            ("\"a\"b", "text after a closing quotation mark"), ("a\"b", "a quotation mark inside a field"),
            ("a\rb", "a carriage return"), (String(repeating: "a", count: 70_000), "longer than 65536 bytes"),
        ]
        for (text, reason) in broken {
            var spoilt = log
            spoilt.replaceLine(5, with: text)
            let error = try error(spoilt.lines.joined(separator: "\n"))
            #expect(error?.line == 5)
            #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "accepted")")
        }
    }

    @Test func aMissingFileIsNamed() throws {
        let configuration = TrainingConfiguration(
            dataPaths: ["/nonexistent/attempts.csv"], modelsPath: "/nonexistent", createdAt: Timestamp(milliseconds: 0), threads: 1)
        let error = #expect(throws: AttemptLogError.self) { try Trainer(configuration).run { _ in } }
        #expect(error?.path == "/nonexistent/attempts.csv")
        #expect(error?.line == nil)
    }

    @Test func quotesAndLineEndsMakeNoDifference() throws {
        let scratch = try Scratch()
        let log = SyntheticLog(notifications: 1000)
        let quoted = log.lines.map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { "\"\($0)\"" }.joined(separator: ",")
        }
        var models: [[UInt8]] = []
        for (version, text) in [
            ("plain", log.lines.joined(separator: "\n")), ("crlf", log.lines.joined(separator: "\r\n") + "\r\n"),
            ("quoted", quoted.joined(separator: "\n") + "\n"),
        ] {
            var configuration = TrainingConfiguration(
                dataPaths: [try scratch.write(text)], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0),
                threads: 1)
            configuration.version = version
            _ = try Trainer(configuration).run { _ in }
            models.append(try scratch.contents("models/\(version)/model.ubj"))
        }
        #expect(models[0] == models[1])
        #expect(models[0] == models[2])
    }

    @Test func quotedFieldsMayHoldCommasQuotesAndLineEnds() throws {
        var log = SyntheticLog(notifications: 20)
        try log.set("recipient", line: 4, to: "\"a, \"\"b\"\"\nc\"")
        try log.set("channel", line: 6, to: "fax")
        // The line end inside the quotes counts.
        let error = try error(log.lines.joined(separator: "\n"))
        #expect(error?.line == 7)
        #expect(error?.column == "channel")
    }
}
