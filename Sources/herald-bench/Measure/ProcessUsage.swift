import Foundation
import Glibc

/// What a process has used so far.
struct ProcessUsage {
    let processID: pid_t

    /// Seconds that its threads have computed.
    var cpuSeconds: Double {
        var (clock, time) = (clockid_t(), timespec())
        guard clock_getcpuclockid(processID, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Most memory that it had in use at once, bytes.
    var peakBytes: Double { status("VmHWM:") }

    /// Memory that it has in use, bytes.
    var residentBytes: Double { status("VmRSS:") }

    private func status(_ name: String) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return .nan }
        return kilobytes * 1024
    }

    /// A process that wrote its id to a file, alone or before other words.
    init?(file: String?) {
        guard let file, let text = try? String(contentsOfFile: file, encoding: .utf8),
            let processID = text.split(whereSeparator: \.isWhitespace).first.flatMap({ pid_t($0) })
        else { return nil }
        self.processID = processID
    }

    init(_ processID: pid_t) {
        self.processID = processID
    }
}
