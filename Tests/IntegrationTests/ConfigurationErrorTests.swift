import Broker
import Foundation
import Testing

extension WholeLine {
    /// A mistake in the configuration ends every command at its start, with the key's name.
    @Suite struct ConfigurationErrorTests {
        /// A mistake, and what the message must contain.
        struct Mistake: CustomTestStringConvertible, Sendable {
            var settings: [String] = []
            var environment: [String: String] = [:]
            var file: String?
            var names: [String]

            var testDescription: String { "\(settings) \(environment) \(file ?? "")" }
        }

        private static let mistakes = [
            Mistake(settings: ["rabbitmq.prefetsch=5"], names: ["rabbitmq.prefetsch", "did you mean 'rabbitmq.prefetch'"]),
            Mistake(settings: ["rabbitmq.prefetch=5000"], names: ["rabbitmq.prefetch", "1 to 2000", "5000"]),
            Mistake(settings: ["rabbitmq.prefetch=0"], names: ["rabbitmq.prefetch"]),
            Mistake(settings: ["rabbitmq.prefetch=many"], names: ["rabbitmq.prefetch", "whole number"]),
            Mistake(settings: ["rabbitmq.prefetch=100", "scoring.batch-size=200"], names: ["rabbitmq.prefetch", "scoring.batch-size"]),
            Mistake(settings: ["rabbitmq.url=http://127.0.0.1/"], names: ["rabbitmq.url", "amqp://"]),
            Mistake(settings: ["mongodb.url=http://127.0.0.1/"], names: ["mongodb.url"]),
            Mistake(settings: ["mongodb.url=mongodb://127.0.0.1/?w=0"], names: ["mongodb.url", "w=0"]),
            Mistake(settings: ["mongodb.database=a.b"], names: ["mongodb.database", "a.b"]),
            Mistake(settings: ["scoring.ladder=1m,15s"], names: ["scoring.ladder", "15s"]),
            Mistake(settings: ["scoring.ladder=soon"], names: ["scoring.ladder", "soon"]),
            Mistake(settings: ["scoring.drain-timeout-ms=6000"], names: ["scoring.drain-timeout-ms", "4500"]),
            Mistake(settings: ["metrics.port=65536"], names: ["metrics.port", "65535"]),
            Mistake(settings: ["metrics.host="], names: ["metrics.host"]),
            Mistake(settings: ["log.level=loud"], names: ["log.level", "loud"]),
            Mistake(settings: ["privacy.recipient-key-file=/nonexistent"], names: ["privacy.recipient-key-file", "/nonexistent"]),
            Mistake(settings: ["rabbitmq.prefetch"], names: ["rabbitmq.prefetch", "KEY=VALUE"]),
            Mistake(environment: ["HERALD_RABBITMQ_PREFETSCH": "5"], names: ["HERALD_RABBITMQ_PREFETSCH", "HERALD_RABBITMQ_PREFETCH"]),
            Mistake(environment: ["HERALD_RABBITMQ_CONFIRM_WINDOW": "4096"], names: ["rabbitmq.confirm-window", "1024"]),
            Mistake(file: "rabbitmq:\n  prefetsch: 5\n", names: ["rabbitmq.prefetsch", "herald.yaml"]),
            Mistake(file: "scoring:\n  batch-size: 100000\n", names: ["scoring.batch-size", "1024"]),
            Mistake(file: "scoring: [\n", names: ["herald.yaml", "YAML"]),
        ]

        @Test("Each mistake is refused by name", arguments: mistakes)
        func mistake(_ mistake: Mistake) throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "herald-configuration-\(UInt32.random(in: 0...(.max)))")
                .path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            if let file = mistake.file { try file.write(toFile: "\(folder)/herald.yaml", atomically: true, encoding: .utf8) }
            for command in [["doctor"], ["score"], ["simulate", "traffic", "--count", "1"]] {
                // Whatever were not refused would find no server, and wait for it.
                let settings =
                    ["rabbitmq.url=amqp://127.0.0.1:1/", "mongodb.url=mongodb://127.0.0.1:1/", "scoring.model=", "metrics.port=0"]
                    + mistake.settings
                // simulate traffic does not use the database.
                if command[0] == "simulate", mistake.settings.first?.hasPrefix("mongodb") == true { continue }
                let run = try Command(
                    Herald.path, command + settings.flatMap { ["--set", $0] },
                    environment: Herald.environment.merging(mistake.environment) { $1 }, folder: folder
                ).run()
                #expect(run.exitCode != 0)
                for name in mistake.names { #expect(run.text.contains(name), "\(command): \(run.text)") }
                #expect(!run.text.contains("waiting for"), "refused before anything is tried")
            }
        }

        @Test("Flags win over the environment, the environment over the file, and the file over the defaults")
        func layers() throws {
            try Line.run("layers", declared: false) { line in
                func prefix(_ settings: [String], _ environment: [String: String] = [:]) throws -> String {
                    let run = try Command(
                        Herald.path, ["topology", "show"] + settings.flatMap { ["--set", $0] },
                        environment: Herald.environment.merging(environment) { $1 }, folder: line.folder
                    ).run()
                    #expect(run.exitCode == 0, "\(run.text)")
                    let jobs = run.standardOutput.split(separator: "\n").first { $0.hasSuffix(".jobs") }
                    return jobs.map { String($0.dropFirst("queue ".count).dropLast(".jobs".count)) } ?? ""
                }
                #expect(try prefix([]) == "herald")
                try "rabbitmq:\n  queue-prefix: file\n".write(toFile: "\(line.folder)/herald.yaml", atomically: true, encoding: .utf8)
                #expect(try prefix([]) == "file")
                #expect(try prefix([], ["HERALD_RABBITMQ_QUEUE_PREFIX": "environment"]) == "environment")
                #expect(try prefix(["rabbitmq.queue-prefix=flag"], ["HERALD_RABBITMQ_QUEUE_PREFIX": "environment"]) == "flag")
            }
        }
    }
}
