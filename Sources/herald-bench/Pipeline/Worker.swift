import Foundation

/// What takes jobs from the one queue and leaves a message for each in another, while it runs.
protocol Worker: AnyObject {
    /// The process that does the work; `nil` = it runs in the broker.
    var usage: ProcessUsage? { get }
    /// Throws where it has ended by itself, with its last word.
    func check() throws
    /// Ends it; what it holds goes back to its queue.
    func stop() throws
}

/// A program that works until SIGTERM.
final class WorkerProcess: Worker {
    private let process = Process()
    private let log: String
    private let name: String

    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], log: String) throws {
        self.log = log
        name = URL(fileURLWithPath: executable).lastPathComponent
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        FileManager.default.createFile(atPath: log, contents: nil)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: log)
        do {
            try process.runWithoutSignalMask()
        } catch {
            throw BenchmarkError("cannot start '\(executable)': \(error.localizedDescription)")
        }
    }

    var usage: ProcessUsage? { ProcessUsage(process.processIdentifier) }

    func check() throws {
        guard !process.isRunning else { return }
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
        throw BenchmarkError("'\(name)' ended: \(text.split(separator: "\n").last ?? "no message")")
    }

    func stop() throws {
        try check()
        process.endWithin(seconds: 10)
    }

    deinit {
        process.endWithin(seconds: 10)
    }
}

/// The broker's own shovel, as a runtime parameter.
final class ShovelWorker: Worker {
    private let control: BrokerControl
    private var isRunning = true
    private static let name = "herald-bench"

    init(_ control: BrokerControl, from source: String, to target: String, prefetch: Int) throws {
        self.control = control
        try control.run([
            "set_parameter", "shovel", Self.name,
            """
            {"src-protocol":"amqp091","src-uri":"amqp://","src-queue":"\(source)","src-prefetch-count":\(prefetch),\
            "dest-protocol":"amqp091","dest-uri":"amqp://","dest-queue":"\(target)","ack-mode":"on-confirm"}
            """,
        ])
    }

    var usage: ProcessUsage? { nil }

    func check() {}

    func stop() throws {
        isRunning = false
        try control.run(["clear_parameter", "shovel", Self.name])
    }

    deinit {
        // Only after a failure, which says more than that of clearing up.
        if isRunning { try? stop() }
    }
}

/// `rabbitmqctl` for the broker that is measured.
struct BrokerControl {
    /// The command.
    var path: String

    func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--quiet"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.runWithoutSignalMask()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("rabbitmqctl \(arguments[0]): \(text)") }
    }
}
