import Foundation
import Streaming

/// The live view of the demo: redrawn in place on a terminal, a line every few seconds otherwise.
struct DemoBoard {
    /// Everything the board shows at one moment.
    struct Reading {
        var seconds: Int
        var scorer: ScorerStatus?
        var traffic: TrafficStatus?
        var providers: ProvidersStatus?
        var depths: QueueDepths
    }

    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var drawnLines = 0
    private var nextPlainSecond = 0

    /// Seconds between two plain lines.
    private static let plainInterval = 5

    mutating func show(_ reading: Reading) {
        if isTerminal {
            let lines = Self.lines(of: reading)
            let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
            // Without automatic line wrap, so that a narrow terminal cuts lines instead of breaking the count of them.
            write("\u{1B}[?7l" + up + lines.map { "\u{1B}[K\($0)\n" }.joined() + "\u{1B}[?7h")
            drawnLines = lines.count
        } else if reading.seconds >= nextPlainSecond {
            nextPlainSecond = reading.seconds + Self.plainInterval
            write(Self.plainLine(of: reading) + "\n")
        }
    }

    private static func lines(of reading: Reading) -> [String] {
        let counts = reading.scorer?.counts
        let rate = reading.scorer.map { "\(Int($0.jobsPerSecond))" } ?? "–"
        let success = reading.providers?.successRate.map { String(format: "%.1f %%", $0 * 100) } ?? "–"
        let depths = reading.depths
        return [
            "Herald demo, \(reading.seconds) s",
            "  jobs          \(rate)/s decided, \(reading.traffic?.published ?? 0) new, \(reading.providers?.nextAttempts ?? 0) next attempts",
            "  actions       dispatch \(counts?.dispatched ?? 0)   delay \(counts?.delayed ?? 0)   give up \(counts?.undeliverable ?? 0)"
                + "   quarantine \(counts?.quarantined ?? 0)",
            "  priorities    high \(counts?.high ?? 0)   normal \(counts?.normal ?? 0)   low \(counts?.low ?? 0)",
            "  queues        jobs \(depths.jobs)   dispatch \(depths.dispatch)   retry \(depths.retry)"
                + "   undeliverable \(depths.undeliverable)   quarantine \(depths.quarantine)",
            "  delivery      \(success) of \(reading.providers?.attempts ?? 0) attempts",
            "  latency       publish to decision: p50 \(counts?.lagMedianMilliseconds ?? 0) ms, p99 \(counts?.lagP99Milliseconds ?? 0) ms",
        ]
    }

    private static func plainLine(of reading: Reading) -> String {
        let success = reading.providers?.successRate.map { String(format: "%.1f %%", $0 * 100) } ?? "–"
        let counts = reading.scorer?.counts
        let depths = reading.depths
        return "\(reading.seconds) s: \(Int(reading.scorer?.jobsPerSecond ?? 0)) jobs/s, dispatch \(counts?.dispatched ?? 0), delay "
            + "\(counts?.delayed ?? 0), give up \(counts?.undeliverable ?? 0), quarantine \(counts?.quarantined ?? 0); queues: jobs "
            + "\(depths.jobs), dispatch \(depths.dispatch), retry \(depths.retry); delivered \(success); publish to decision p50 "
            + "\(counts?.lagMedianMilliseconds ?? 0) ms, p99 \(counts?.lagP99Milliseconds ?? 0) ms"
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
