import Foundation
import Glibc

/// A program that is run to its end, with what each of its stages cost.
struct MeasuredProcess {
    /// Time of a stage, or of all of them.
    struct Cost {
        /// Seconds by the clock on the wall.
        var wall = 0.0
        /// Seconds that its threads computed: what other programs take from a shared machine is not in it.
        var cpu = 0.0

        static func + (left: Cost, right: Cost) -> Cost { Cost(wall: left.wall + right.wall, cpu: left.cpu + right.cpu) }
        static func - (left: Cost, right: Cost) -> Cost { Cost(wall: left.wall - right.wall, cpu: left.cpu - right.cpu) }
    }

    /// From the start of the program to its end.
    private(set) var total = Cost()
    /// By the name of the stage.
    private(set) var stages: [String: Cost] = [:]
    /// Most memory that it had in use at once.
    private(set) var peakBytes = 0.0

    /// Runs the program, which tells its progress as JSON lines on standard output.
    ///
    /// - Parameters:
    ///   - arguments: those of the command line, the program first.
    ///   - log: file that gets its standard error.
    ///   - first: name of the stage before the first line.
    ///   - stage: the name of the stage that a line belongs to; `nil` = that of the line before.
    init(
        _ arguments: [String], environment: [String: String] = [:], log: String, first: String,
        stage: (_ line: [String: Any]) -> String?
    ) throws {
        let began = Self.now
        let child = try Child(arguments, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, log: log)
        var (current, before) = (first, Cost())
        var end = Cost()
        func enter(_ next: String, _ time: Cost) {
            stages[current, default: Cost()] = stages[current, default: Cost()] + (time - before)
            (current, before) = (next, time)
        }
        while let line = child.line() {
            guard let fields = try? JSONSerialization.jsonObject(with: line) as? [String: Any], let next = stage(fields), next != current
            else { continue }
            enter(next, Cost(wall: Self.now - began, cpu: child.cpuSeconds))
        }
        let usage = try child.wait()
        end = Cost(wall: Self.now - began, cpu: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime))
        enter("", end)
        total = end
        peakBytes = Double(usage.ru_maxrss) * 1024
    }

    /// Runs a program of which only the standard output is of interest.
    static func output(_ arguments: [String], log: String) throws -> Data {
        let child = try Child(arguments, environment: ProcessInfo.processInfo.environment, log: log)
        var output = Data()
        while let line = child.line() { output += line + [0x0A] }
        _ = try child.wait()
        return output
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return seconds(time)
    }

    fileprivate static func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 }
    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}

/// A process with its standard output; Foundation's tells nothing of memory and time.
private final class Child {
    private let name: String
    private let log: String
    private var process: pid_t = 0
    private var output: FileHandle?
    private var unread = Data()

    init(_ arguments: [String], environment: [String: String], log: String) throws {
        name = arguments.prefix(2).map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: " ")
        self.log = log
        let pipe = Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
        posix_spawn_file_actions_addclose(&actions, pipe.fileHandleForWriting.fileDescriptor)
        posix_spawn_file_actions_addclose(&actions, pipe.fileHandleForReading.fileDescriptor)
        posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        let code = posix_spawn(&process, arguments[0], &actions, nil, &words, &variables)
        try? pipe.fileHandleForWriting.close()
        guard code == 0 else { throw BenchmarkError("cannot start '\(arguments[0])': \(String(cString: strerror(code)))") }
        output = pipe.fileHandleForReading
    }

    /// The next line without its end; `nil` at the end of the output.
    func line() -> Data? {
        while let output {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = unread[unread.startIndex..<end]
                unread = unread[(end + 1)...]
                return Data(line)
            }
            let more = output.availableData
            guard !more.isEmpty else { return nil }
            unread = Data(unread) + more
        }
        return nil
    }

    /// What its threads have computed so far.
    var cpuSeconds: Double { ProcessUsage(process).cpuSeconds }

    /// Waits for its end.
    ///
    /// Throws where that was no success, with the last line of its log.
    func wait() throws -> rusage {
        var (status, usage) = (Int32(0), rusage())
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchmarkError("\(name): wait4: \(String(cString: strerror(errno)))") }
        }
        guard status == 0 else {
            let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let reason = status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
            throw BenchmarkError("\(name) ended with \(reason): \(text.split(separator: "\n").last ?? "no message")")
        }
        return usage
    }
}
