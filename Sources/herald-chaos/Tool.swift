import Foundation

/// A command that ends by itself.
struct Tool {
    private let path: String
    private let arguments: [String]
    private let environment: [String: String]

    init(_ path: String, _ arguments: [String], without removed: [String] = []) {
        self.path = path
        self.arguments = arguments
        environment = ProcessInfo.processInfo.environment.filter { !removed.contains($0.key) }
    }

    /// Runs it and returns what it printed.
    @discardableResult
    func run(within seconds: Double) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        // A file: a server that the command starts would keep a pipe open.
        let output = FileManager.default.temporaryDirectory.appending(path: "herald-chaos-\(UUID().uuidString)").path
        FileManager.default.createFile(atPath: output, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: output) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: output)
        try process.run()
        let deadline = ContinuousClock.now + .seconds(seconds)
        while process.isRunning {
            guard .now < deadline else {
                kill(process.processIdentifier, SIGKILL)
                throw ChaosError("'\(path) \(arguments.joined(separator: " "))' did not end within \(seconds) s")
            }
            usleep(2000)
        }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard process.terminationStatus == 0 else {
            throw ChaosError("'\(path) \(arguments.joined(separator: " "))' failed: \(text.suffix(1000))")
        }
        return text
    }
}
