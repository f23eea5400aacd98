import Broker
import Foundation

/// A program with its arguments, not running yet.
struct Command {
    let path: String
    let arguments: [String]
    let environment: [String: String]
    /// Working folder; `nil` = the test's own.
    let folder: String?

    init(_ path: String, _ arguments: [String], environment: [String: String], folder: String? = nil) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs the program to its end; one that has not ended within `limit` is killed, and the test fails.
    func run(within limit: Duration = .seconds(30)) throws -> Completed {
        let child = try Child(self)
        guard let exitCode = child.awaitExit(within: limit) else {
            child.send(SIGKILL)
            _ = child.awaitExit(within: .seconds(10))
            throw Failure("not ended within \(limit): \(self)\n\(child.standardError)")
        }
        return Completed(exitCode: exitCode, standardOutput: child.standardOutput, standardError: child.standardError)
    }

    /// What a program said and how it ended.
    struct Completed {
        /// 128 + the signal's number after a signal, as in a shell.
        var exitCode: Int32
        var standardOutput: String
        var standardError: String

        /// Both outputs.
        var text: String { standardOutput + standardError }
    }
}

extension Command: CustomStringConvertible {
    var description: String { ([path.split(separator: "/").last.map(String.init) ?? path] + arguments).joined(separator: " ") }
}
