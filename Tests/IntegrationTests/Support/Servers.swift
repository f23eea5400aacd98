import Broker
import Foundation
import Testing

/// The servers under test, as scripts/test names them in the environment.
enum Servers {
    /// What a test says where it finds no server: never a reason to skip it, because a line that is not tried is not tested.
    struct Missing: Error, CustomStringConvertible {
        let variable: String

        var description: String { "\(variable) is not set: run `make test`, which starts servers of its own and sets it" }
    }

    static func brokerURL() throws -> String { try value("HERALD_TEST_RABBITMQ_URL") }

    static func databaseURL() throws -> String { try value("HERALD_TEST_MONGODB_URL") }

    /// Path of scripts/stack; `nil` where the servers are the user's own, which no test may stop.
    static let stackScript = ProcessInfo.processInfo.environment["HERALD_TEST_STACK"].flatMap { $0.isEmpty ? nil : $0 }

    /// Why a test that stops a server is not run.
    static let areForeign = "it stops a server, and RABBITMQ_URL or MONGODB_URL names one that is not ours to stop"

    /// Whether tests may stop servers, or must fail for want of any.
    static var mayBeStopped: Bool {
        let environment = ProcessInfo.processInfo.environment
        return stackScript != nil || environment["HERALD_TEST_RABBITMQ_URL"] == nil || environment["HERALD_TEST_MONGODB_URL"] == nil
    }

    /// Runs `scripts/stack COMMAND`, such as `kill-broker`; returns when it has happened.
    static func stack(_ command: String) throws {
        guard let stackScript else { throw Missing(variable: "HERALD_TEST_STACK") }
        let run = try Command(stackScript, [command], environment: ProcessInfo.processInfo.environment).run(within: .seconds(150))
        guard run.exitCode == 0 else { throw Failure("scripts/stack \(command) failed: \(run.standardError)") }
        if command == "start" { lastStart.update { $0 = .now } }
    }

    private static let lastStart = Monitor(MonotonicTime?.none)

    /// Waits until queues may be deleted.
    ///
    /// RabbitMQ 3.10 starts a process for each retry queue that dead-letters at least once. Several that end while it is just starting them
    /// take their supervisor with them (`reached_max_restart_intensity`), and no such queue can be declared any more: INTERNAL_ERROR.
    static func awaitSettledBroker() {
        guard let start = lastStart.withLock({ $0 }) else { return }
        _ = Monitor(()).wait(until: start + .seconds(8)) { _ in nil as Bool? }
    }

    /// Process id of the stack's `rabbitmq` or `mongodb`.
    static func process(_ server: String) throws -> pid_t {
        guard let stackScript else { throw Missing(variable: "HERALD_TEST_STACK") }
        let run = try Command(stackScript, ["pid", server], environment: ProcessInfo.processInfo.environment).run()
        guard let pid = pid_t(run.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failure("scripts/stack pid \(server): \(run.text)")
        }
        return pid
    }

    /// Runs rabbitmqctl on the stack's broker.
    static func rabbitmqctl(_ arguments: String...) throws {
        let run = try Command(value("HERALD_RABBITMQCTL"), arguments, environment: ProcessInfo.processInfo.environment).run()
        guard run.exitCode == 0 else { throw Failure("rabbitmqctl \(arguments) failed: \(run.text)") }
    }

    /// Runs what must be done at the end of a test, and records a failure of it.
    static func report(_ body: () throws -> Void) {
        do { try body() } catch { Issue.record(error) }
    }

    private static func value(_ variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else { throw Missing(variable: variable) }
        return value
    }
}

/// Something that a test needs went wrong.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
