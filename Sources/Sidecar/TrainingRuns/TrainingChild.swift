internal import Foundation
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// `herald train` as a child process, in a process group of its own.
///
/// Its standard input is a pipe that nobody writes to: the child ends when that pipe does, so it does not outlive the sidecar, however that
/// dies. (PR_SET_PDEATHSIG would look at the thread that started the child instead of the process.)
final class TrainingChild: Sendable {
    /// A line of progress.
    struct Status: Decodable {
        var phase: String
        var done: Int
        var share: Double
    }

    private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    private let executable: String
    private let arguments: [String]
    private let environment: [String: String]
    /// While the process id is its own.
    private let running = Mutex<Running?>(nil)

    init(executable: String, arguments: [String], environment: [String: String]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs the child to its end.
    ///
    /// - Parameters:
    ///   - started: called once, with the process id.
    ///   - status: called with each line of progress.
    ///   - log: called with what comes on standard error.
    func run(
        started: @escaping @Sendable (Int32) -> Void, status: @escaping @Sendable (Status) -> Void,
        log: @escaping @Sendable ([UInt8]) -> Void
    ) async -> TrainingLifecycle.Exit {
        var options = PlatformOptions()
        options.processGroupID = 0
        let variables = Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        do {
            let result = try await Subprocess.run(
                .path(FilePath(executable)), arguments: Arguments(arguments), environment: .custom(variables), platformOptions: options,
                input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                running.withLock { $0 = execution }
                // Before the process is waited for, so its id is not given to another while a signal may be sent.
                defer { running.withLock { $0 = nil } }
                started(execution.processIdentifier.value)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await Self.follow(execution, status) }
                    group.addTask { await Self.listen(to: execution, log) }
                }
            }
            return switch result.terminationStatus {
            case .exited(let code): .code(code)
            case .signaled(let signal): .signal(signal)
            }
        } catch {
            return .lost("\(error)")
        }
    }

    private static func follow(_ execution: Running, _ status: (Status) -> Void) async {
        do {
            for try await line in execution.standardOutput.strings() {
                guard let found = try? JSONDecoder().decode(Status.self, from: Data(line.utf8)) else { continue }
                status(found)
            }
        } catch {
            // Progress is not what a run is for: how it ends says the exit code.
        }
    }

    private static func listen(to execution: Running, _ log: ([UInt8]) -> Void) async {
        do {
            for try await buffer in execution.standardError { log(buffer.withUnsafeBytes { Array($0) }) }
        } catch {
            log(Array("(the rest of this log is lost: \(error))\n".utf8))
        }
    }

    /// Sends a signal to the child and whatever it started; nothing where it has ended.
    func send(_ signal: Signal) {
        running.withLock { running in
            // It may have ended in this moment.
            try? running?.send(signal: signal, toProcessGroup: true)
        }
    }

    func terminate() { send(.terminate) }

    func kill() { send(.kill) }
}
