import Foundation

/// The scorer under test: started, killed, started again.
final class ScorerProcess {
    private let path: String
    private let arguments: [String]
    private let log: String
    private var process: Process?

    /// Processes that did not end by themselves and well.
    private(set) var crashCount = 0

    init(_ path: String, _ arguments: [String], log: String) {
        self.path = path
        self.arguments = arguments
        self.log = log
        FileManager.default.createFile(atPath: log, contents: nil)
    }

    /// Starts it; it must not run.
    func start(environment: [String: String] = [:]) throws {
        precondition(process?.isRunning != true, "one scorer at a time")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = FileHandle(forWritingAtPath: log)
        _ = try output?.seekToEnd()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        self.process = process
    }

    var isRunning: Bool { process?.isRunning == true }

    func send(_ signal: Int32) {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, signal)
    }

    /// Kills it as a machine does that loses its power.
    func killHard() throws {
        try checkRunning()
        send(SIGKILL)
        try awaitCrash(within: 10)
    }

    /// Waits until it has ended by a crash point.
    func awaitCrash(within seconds: Double) throws {
        guard awaitEnd(within: seconds) else { throw ChaosError("the scorer still runs after \(seconds) s") }
        crashCount += 1
    }

    /// SIGTERM: must end with 0 within the five seconds of the design.
    func stopCleanly() throws {
        try checkRunning()
        send(SIGTERM)
        guard awaitEnd(within: 5) else { throw ChaosError("SIGTERM: the scorer still runs after 5 s") }
        guard process?.terminationStatus == 0, process?.terminationReason == .exit else {
            throw ChaosError("SIGTERM: the scorer ended with \(process?.terminationStatus ?? -1): \(lastWords)")
        }
    }

    /// Ends it, however.
    func end() {
        send(SIGKILL)
        _ = awaitEnd(within: 10)
    }

    /// Throws where it has ended without being told to.
    func checkRunning() throws {
        guard isRunning else { throw ChaosError("the scorer has ended by itself, with \(process?.terminationStatus ?? -1): \(lastWords)") }
    }

    private func awaitEnd(within seconds: Double) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while isRunning, .now < deadline { usleep(5000) }
        return !isRunning
    }

    private var lastWords: String {
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0.suffix(2000), as: UTF8.self) } ?? ""
        return String(text.suffix(600))
    }
}
