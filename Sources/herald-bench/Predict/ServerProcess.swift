import Foundation

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
            try process.runWithoutSignalMask()
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
        process.endWithin(seconds: 10)
    }

    /// What its threads have computed so far, and those of its children that have ended.
    var cpuSeconds: Double { ProcessUsage(process.processIdentifier).cpuSeconds }
}
