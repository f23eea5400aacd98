import Broker
import Foundation

/// Watches a process while something is done to it: asks for its health again and again, and reads in /proc what it takes up.
final class Vitals: Sendable {
    struct Reading {
        /// How long each answer of health took.
        var answers: [Duration] = []
        /// What was asked and not answered with 200.
        var failures: [String] = []
        /// Most memory in use, bytes.
        var peakMemory = 0
        /// Most files and connections open at a time.
        var peakFiles = 0

        /// The time within which all but one in a hundred answers came.
        var answerTime: Duration { answers.sorted()[answers.count * 99 / 100] }
    }

    private struct State {
        var reading = Reading()
        var isStopped = false
        var isOver = false
    }

    private let state = Monitor(State())

    /// - Parameters:
    ///   - process: whose memory and files are read.
    ///   - healthPort: asked for /health/live and /health/ready in turn, twenty times a second.
    init(of process: pid_t, healthPort: Int) throws {
        try DedicatedThread.detach(name: "test-vitals") { [state] in
            var round = 0
            while state.wait(until: .now + .milliseconds(50), { $0.isStopped ? true : nil }) == nil {
                let path = round.isMultiple(of: 2) ? "/health/live" : "/health/ready"
                round += 1
                let began = ContinuousClock.now
                let answer = Result { try HTTPAnswer("GET", path, port: healthPort, limit: .seconds(10)).status }
                let time = began.duration(to: .now)
                let (memory, files) = (Self.residentBytes(of: process), Self.openFileCount(of: process))
                state.update { state in
                    state.reading.answers.append(time)
                    if (try? answer.get()) != 200 { state.reading.failures.append("\(path) after \(time): \(answer)") }
                    state.reading.peakMemory = max(state.reading.peakMemory, memory)
                    state.reading.peakFiles = max(state.reading.peakFiles, files)
                }
            }
            state.update { $0.isOver = true }
        }
    }

    /// What was found so far.
    var reading: Reading { state.withLock { $0.reading } }

    /// Ends the watch; what was found until then.
    func stop() throws -> Reading {
        state.update { $0.isStopped = true }
        guard state.wait(until: .now + .seconds(15), { $0.isOver ? true : nil }) == true else { throw Failure("the watch does not end") }
        return reading
    }

    /// 0 once the process is no more.
    fileprivate static func residentBytes(of process: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    private static func openFileCount(of process: pid_t) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
    }
}

extension Child {
    /// Files and connections that it has open.
    func openFileCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd").count
    }

    /// Memory that it has in use, bytes.
    func residentBytes() throws -> Int {
        let bytes = Vitals.residentBytes(of: processID)
        guard bytes > 0 else { throw Failure("\(command) runs no more") }
        return bytes
    }
}
