import Broker
import Foundation

/// A running program, what it says collected as it says it.
///
/// Unchecked: `process` is touched by `init` alone, and by `send` and `processID` under the lock.
final class Child: @unchecked Sendable {
    private struct State {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var openStreams = 2
        /// Whether the beginning of an output was forgotten.
        var isCut = false
        var exitCode: Int32?

        /// The last whole line of standard output.
        var lastLine: String? {
            let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            return lines.last.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Kept of each output, bytes: the end of it.
    private static let outputLimit = 256 * 1024

    let command: Command
    private let state = Monitor(State())
    private let process = Process()

    /// Starts it.
    init(_ command: Command) throws {
        self.command = command
        process.executableURL = URL(fileURLWithPath: command.path)
        process.arguments = command.arguments
        process.environment = command.environment
        if let folder = command.folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let output = Pipe()
        let error = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        process.terminationHandler = { [state] process in
            let code = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
            state.update { $0.exitCode = code }
        }
        try Self.withoutSignalMask { try process.run() }
        try collect(output) { state, bytes in
            if !state.output.append(keeping: Self.outputLimit, bytes) { state.isCut = true }
        }
        try collect(error) { state, bytes in
            if !state.error.append(keeping: Self.outputLimit, bytes) { state.isCut = true }
        }
    }

    /// Whether it has not ended.
    var isRunning: Bool { state.withLock { $0.exitCode == nil } }

    var processID: pid_t { state.withLock { _ in process.processIdentifier } }

    var standardOutput: String { String(decoding: state.withLock { $0.output }, as: UTF8.self) }

    var standardError: String { String(decoding: state.withLock { $0.error }, as: UTF8.self) }

    /// Whether both outputs are there from their beginning.
    var hasWholeOutput: Bool { state.withLock { !$0.isCut } }

    /// The last whole line of standard output.
    var lastLine: String? { state.withLock { $0.lastLine } }

    /// Sends a signal unless it has ended.
    func send(_ signal: Int32) {
        state.withLock { state in
            if state.exitCode == nil { kill(process.processIdentifier, signal) }
        }
    }

    /// The exit code once it has ended and said its last word; `nil` where that does not come within `limit`.
    func awaitExit(within limit: Duration) -> Int32? {
        state.wait(until: .now + limit) { $0.openStreams == 0 ? $0.exitCode : nil }
    }

    /// Waits until a last line of standard output fulfils `condition`.
    ///
    /// - Throws: `Failure` with the end of standard error where the program ends first or `limit` passes.
    func awaitLine(_ what: String, within limit: Duration = .seconds(30), _ condition: (String) throws -> Bool) throws {
        let found = state.wait(until: .now + limit) { state -> Result<Bool, any Error>? in
            let isFound = Result { try state.lastLine.map(condition) ?? false }
            if case .success(false) = isFound { return state.exitCode == nil ? nil : isFound }
            return isFound
        }
        guard try found?.get() ?? false else {
            throw Failure("\(command): \(what): not within \(limit); its last words:\n\(standardError.suffix(2000))")
        }
    }

    /// Waits until either output contains `text`.
    func awaitOutput(_ text: String, within limit: Duration = .seconds(30)) throws {
        let isFound = state.wait(until: .now + limit) { state -> Bool? in
            if String(decoding: state.output + state.error, as: UTF8.self).contains(text) { return true }
            return state.exitCode == nil ? nil : false
        }
        guard isFound ?? false else {
            throw Failure("\(command) did not say '\(text)' within \(limit), but:\n\(standardError.suffix(2000))")
        }
    }

    /// Runs `body` with no signal blocked on this thread.
    ///
    /// A child inherits the mask. The threads that tests run on block SIGTERM, and RabbitMQ started with it blocked never hears it.
    private static func withoutSignalMask(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var previous = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        try body()
    }

    private func collect(_ pipe: Pipe, _ append: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Void) throws {
        try DedicatedThread.detach(name: "test-output") { [state] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(pipe.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                state.update { append(&$0, buffer[..<count]) }
            }
            state.update { $0.openStreams -= 1 }
        }
    }
}

extension [UInt8] {
    /// Appends and then forgets the beginning where there is more than twice `limit`; `false` where it does.
    fileprivate mutating func append(keeping limit: Int, _ bytes: ArraySlice<UInt8>) -> Bool {
        append(contentsOf: bytes)
        guard count > 2 * limit else { return true }
        removeFirst(count - limit)
        return false
    }
}
