import Foundation
import Glibc

/// A server that is measured from outside: it prints its port in its first line, and ends with this object.
final class ServerProcess {
    let port: Int
    private let process = Process()

    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], log: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        do {
            try Self.withoutSignalMask { [process] in try process.run() }
        } catch {
            throw BenchmarkError("cannot start '\(executable)': \(error.localizedDescription)")
        }
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
                throw BenchmarkError("'\(executable)' ended: \(text.split(separator: "\n").last ?? "no message")")
            }
            line += more
        }
        guard let port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("'\(executable)' tells no port")
        }
        self.port = port
    }

    deinit {
        process.terminate()
        let deadline = ContinuousClock.now + .seconds(10)
        while process.isRunning, .now < deadline { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// A child inherits the mask, and threads of Swift's pool block SIGTERM: a server started from one would never hear it.
    private static func withoutSignalMask(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var previous = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        try body()
    }

    /// What its threads have computed so far, and those of its children that have ended.
    var cpuSeconds: Double {
        var (clock, time) = (clockid_t(), timespec())
        guard clock_getcpuclockid(process.processIdentifier, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
