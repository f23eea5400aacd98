internal import Foundation
internal import Logging
internal import Synchronization

/// Where a test has the process die, as by SIGKILL: `HERALD_CRASH_AT` = a step, or `step:count` for the count-th batch that comes there, or
/// `job:ID` for whoever decides on that job.
struct CrashPoint: Sendable {
    /// In the order of the settlement.
    enum Step: String, Sendable {
        case take
        case decode
        case score
        case publish
        case log
        case confirmed
        case logged
        case acknowledged
    }

    static let shared = CrashPoint(ProcessInfo.processInfo.environment["HERALD_CRASH_AT"])

    private static let passed = Atomic(0)

    private var step: Step?
    private var count = 1
    private var jobID: String?

    /// Anything else is no crash point.
    private init(_ text: String?) {
        guard let parts = text?.split(separator: ":", maxSplits: 1).map(String.init), let first = parts.first else { return }
        if first == "job" {
            jobID = parts.last
        } else {
            step = Step(rawValue: first)
            count = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
        }
    }

    /// A batch has come so far.
    func pass(_ step: Step) {
        guard step == self.step, Self.passed.add(1, ordering: .relaxed).newValue == count else { return }
        Self.die()
    }

    /// This job is about to be decided on.
    func pass(job id: @autoclosure () -> String) {
        guard let jobID, id() == jobID else { return }
        Self.die()
    }

    private static func die() {
        kill(getpid(), SIGKILL)
        // It takes a moment.
        while true { sleep(1) }
    }
}
