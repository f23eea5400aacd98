import Broker
import Foundation
import Subprocess
import SystemPackage

/// A herald command that runs as a child process and may tell its status, a line of JSON a second.
final class DemoProcess<Status: Decodable & Sendable>: Sendable {
    private struct State {
        var processID: pid_t?
        var status: Status?
        /// How it ended: `nil` while it runs, "" after a clean end, else what went wrong.
        var end: String?
    }

    private let name: String
    private let arguments: [String]
    private let logPath: String
    private let state = Monitor(State())

    /// - Parameter logFolder: what the command says on standard error goes to a file there.
    init(_ arguments: [String], logFolder: String) {
        name = arguments.joined(separator: " ")
        self.arguments = arguments
        logPath = "\(logFolder)/\(arguments.joined(separator: "-")).log"
    }

    /// The last status; `nil` before the first.
    var status: Status? { state.withLock { $0.status } }

    /// What went wrong, if it ended in an unclean way.
    var failure: String? {
        state.withLock { $0.end }.flatMap { $0.isEmpty ? nil : "herald \(name): \($0); see \(logPath)" }
    }

    /// Whether it has ended, well or not.
    var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Starts the command with further flags; returns at once.
    func start(flags: [String]) {
        Task {
            let end = await run(arguments + flags)
            state.update {
                $0.processID = nil
                $0.end = end
            }
        }
    }

    /// Asks the command to stop and waits for its end, killing it after `patience`.
    func stop(patience: Duration) {
        send(SIGTERM)
        if state.wait(until: .now + patience, { $0.end }) == nil {
            send(SIGKILL)
            _ = state.wait(until: .now + .seconds(5)) { $0.end }
        }
    }

    private func send(_ signal: Int32) {
        // Under the lock, so that the process id cannot have been given to another process meanwhile.
        state.withLock { state in
            if let processID = state.processID { kill(processID, signal) }
        }
    }

    private func run(_ arguments: [String]) async -> String {
        do {
            let log = try FileDescriptor.open(
                logPath, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
            var options = PlatformOptions()
            // A group of its own: Ctrl-C is for the demo, which then stops its processes in order.
            options.processGroupID = 0
            let result = try await Subprocess.run(
                .path(FilePath(CommandLine.executablePath)), arguments: Arguments(arguments), platformOptions: options, input: .none,
                output: .sequence, error: .fileDescriptor(log, closeAfterSpawningProcess: true)
            ) { execution in
                let processID = execution.processIdentifier.value
                state.update { $0.processID = processID }
                for try await line in execution.standardOutput.strings() {
                    let status = try JSONDecoder().decode(Status.self, from: Data(line.utf8))
                    state.update { $0.status = status }
                }
            }
            return result.terminationStatus.isSuccess ? "" : "ended with \(result.terminationStatus)"
        } catch {
            return "\(error)"
        }
    }
}

extension CommandLine {
    /// The file of the running program, whatever it was called as.
    static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? arguments[0]
    }
}
