import Broker
import Foundation

/// A running program, what it says collected as it says it.
final class Child: Sendable {
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

    /// One at a time: a pipe that another child inherited before it was marked would not end with its own.
    private static let starts = Monitor(())
    /// Kept of each output, bytes: the end of it.
    private static let outputLimit = 256 * 1024

    let command: Command
    let processID: pid_t
    private let state = Monitor(State())

    /// Starts it, in a process group of its own.
    init(_ command: Command) throws {
        self.command = command
        let (processID, output, error) = try Self.starts.withLock { _ in
            let (output, error) = (try Self.makePipe(), try Self.makePipe())
            defer {
                close(output.write)
                close(error.write)
            }
            return (try Self.spawn(command, output: output.write, error: error.write), output.read, error.read)
        }
        self.processID = processID
        try collect(output) { state, bytes in
            if !state.output.append(keeping: Self.outputLimit, bytes) { state.isCut = true }
        }
        try collect(error) { state, bytes in
            if !state.error.append(keeping: Self.outputLimit, bytes) { state.isCut = true }
        }
        try awaitEnd()
    }

    /// Whether it has not ended.
    var isRunning: Bool { state.withLock { $0.exitCode == nil } }

    var standardOutput: String { String(decoding: state.withLock { $0.output }, as: UTF8.self) }

    var standardError: String { String(decoding: state.withLock { $0.error }, as: UTF8.self) }

    /// Whether both outputs are there from their beginning.
    var hasWholeOutput: Bool { state.withLock { !$0.isCut } }

    /// The last whole line of standard output.
    var lastLine: String? { state.withLock { $0.lastLine } }

    /// Sends a signal unless it has ended.
    func send(_ signal: Int32) {
        state.withLock { state in
            if state.exitCode == nil { kill(processID, signal) }
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

    private static func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure("pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Foundation's `Process` misses the end of a child now and then where many end soon after one another.
    private static func spawn(_ command: Command, output: Int32, error: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block SIGTERM, and RabbitMQ started with it blocked never hears it.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        // Swift does not see the action that changes the folder.
        let prefix = command.folder.map { ["/usr/bin/env", "-C", $0] } ?? []
        let line = prefix + [command.path] + command.arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, line[0], &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure("cannot start \(command): \(String(cString: strerror(code)))") }
        return processID
    }

    private func awaitEnd() throws {
        try DedicatedThread.detach(name: "test-child") { [state, processID] in
            var information = siginfo_t()
            while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            // Under the lock: nobody signals a process that has been reaped.
            state.update { state in
                var status: Int32 = 0
                waitpid(processID, &status, 0)
                let signal = status & 0x7F
                state.exitCode = signal == 0 ? status >> 8 & 0xFF : 128 + signal
            }
        }
    }

    private func collect(_ descriptor: Int32, _ append: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Void) throws {
        try DedicatedThread.detach(name: "test-output") { [state] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                state.update { append(&$0, buffer[..<count]) }
            }
            close(descriptor)
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
