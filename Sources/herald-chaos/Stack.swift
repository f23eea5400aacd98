import Foundation

/// The servers under test and the script that starts, stops and kills them.
struct Stack {
    let script: String
    let brokerURL, databaseURL: String
    private let brokerControl: String

    init(script: String) throws {
        self.script = script
        func value(_ name: String) throws -> String {
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw ChaosError("\(name) is not set: run `make chaos`, or `eval \"$(scripts/stack env)\"` of a stack of your own")
            }
            return value
        }
        brokerURL = try value("RABBITMQ_URL")
        databaseURL = try value("MONGODB_URL")
        brokerControl = try value("HERALD_RABBITMQCTL")
        // Where HERALD_STACK_DIR is missing, the script would mean another stack than the URLs.
        _ = try value("HERALD_STACK_DIR")
    }

    /// `kill-broker`, `start-mongodb` …; returns when it has happened.
    func run(_ command: String) throws {
        // The addresses mark servers of the user's own, which the script would not touch.
        try Tool(script, [command], without: ["RABBITMQ_URL", "MONGODB_URL"]).run(within: 150)
    }

    func brokerControl(_ arguments: String...) throws {
        try Tool(brokerControl, ["--quiet"] + arguments).run(within: 60)
    }

    /// Process id of `rabbitmq` or `mongodb`.
    func process(_ server: String) throws -> pid_t {
        let text = try Tool(script, ["pid", server], without: ["RABBITMQ_URL", "MONGODB_URL"]).run(within: 30)
        guard let id = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ChaosError("\(script) pid \(server) says '\(text)'")
        }
        return id
    }

    /// Port of a URL whose host is loopback.
    static func port(of url: String) throws -> Int {
        guard let range = url.firstRange(of: "127.0.0.1:"), let port = Int(url[range.upperBound...].prefix { $0.isNumber }) else {
            throw ChaosError("'\(url)' names no port of 127.0.0.1: faults are for servers of this machine")
        }
        return port
    }
}
