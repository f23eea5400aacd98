import ArgumentParser
import Foundation

/// The flags every command has that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "YAML file with the configuration (default: herald.yaml, if there is one).")
    var file: String?

    @Option(help: "URL of the broker (rabbitmq.url).")
    var rabbitmqURL: String?

    @Option(help: "URL of the database (mongodb.url).")
    var mongodbURL: String?

    @Option(help: "Folder of the model artifact (scoring.model); empty = rule policy.")
    var model: String?

    @Option(name: .customLong("set"), help: "Any key of the configuration: KEY=VALUE. May be given more than once.")
    var assignments: [String] = []

    /// The checked configuration out of defaults, file, environment and these flags.
    ///
    /// - Parameter more: keys that a command's own flags set; they win.
    func load(
        environment: [String: String] = ProcessInfo.processInfo.environment, more: [String: String] = [:]
    ) async throws -> HeraldConfiguration {
        var flags: [String: String] = [:]
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "=") else {
                throw ConfigurationError("--set wants KEY=VALUE, not '\(assignment)'")
            }
            flags[String(assignment[..<equals])] = String(assignment[assignment.index(after: equals)...])
        }
        flags["rabbitmq.url"] = rabbitmqURL ?? flags["rabbitmq.url"]
        flags["mongodb.url"] = mongodbURL ?? flags["mongodb.url"]
        flags["scoring.model"] = model ?? flags["scoring.model"]
        flags.merge(more) { $1 }
        let source = try await ConfigurationSource(file: file, environment: environment, flags: flags)
        return try HeraldConfiguration(from: source)
    }

    /// The same flags again, for a child process.
    var flags: [String] {
        let pairs = [("--config", file), ("--rabbitmq-url", rabbitmqURL), ("--mongodb-url", mongodbURL), ("--model", model)]
        return pairs.flatMap { name, value in value.map { [name, $0] } ?? [] } + assignments.flatMap { ["--set", $0] }
    }
}
