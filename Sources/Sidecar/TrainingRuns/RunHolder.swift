internal import Foundation

/// Which process runs a training run, in words that survive it: what tells, after a crash, that nobody runs it any more.
package struct RunHolder: Equatable, Sendable {
    /// Machine, its start and its name space of processes: only where all are the same does a process id mean anything.
    private let place: String
    private let processID: Int32
    /// Ticks from the machine's start to the process's: ids come again, but not at the same time.
    private let startedAt: String

    /// This process.
    package static let own = RunHolder(place: ownPlace, processID: getpid(), startedAt: startTime(of: getpid()) ?? "?")

    private init(place: String, processID: Int32, startedAt: String) {
        self.place = place
        self.processID = processID
        self.startedAt = startedAt
    }

    /// As stored.
    package var text: String { "\(place) \(processID) \(startedAt)" }

    /// Reads what was stored; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let processID = Int32(parts[1]) else { return nil }
        self.init(place: String(parts[0]), processID: processID, startedAt: String(parts[2]))
    }

    /// Whether the process still exists; `nil` where that cannot be told from here.
    package var isAlive: Bool? {
        guard place == Self.ownPlace else { return nil }
        return Self.startTime(of: processID) == startedAt
    }

    private static let ownPlace: String = {
        let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "unknown"
        let space = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "unknown"
        return [ProcessInfo.processInfo.hostName, boot, space]
            .map { String($0.filter { !$0.isWhitespace }) }.joined(separator: "/")
    }()

    /// The 22nd field of /proc/PID/stat; the second, the program's name, is in parentheses and may hold anything.
    private static func startTime(of process: Int32) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // A zombie has ended.
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
