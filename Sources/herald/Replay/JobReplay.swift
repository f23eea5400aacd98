import Foundation
import Scoring

/// Decides on jobs from a file, one message a line, by a clock that the file or the caller sets: the same bytes in, the same decisions out.
///
/// A line that is no job, or no outcome, is reported and passed over.
final class JobReplay {
    private let scorer: Scorer
    /// When every job is decided; `nil` = each when it is due (`send_time`).
    private let now: Timestamp?
    private let report: (String) -> Void
    private let outcomes: LineReader?
    /// Read, but not told yet: it occurred after the last decision.
    private var waiting: Outcome?
    private var health: LiveHealth
    private(set) var decidedCount = 0
    private(set) var malformedCount = 0

    /// - Parameters:
    ///   - outcomes: messages in the order in which they occurred; each counts as live health has it, from its time on.
    ///   - report: gets a sentence for each line that is passed over.
    init(_ scorer: Scorer, now: Timestamp?, health: LiveHealth, outcomes: LineReader?, report: @escaping (String) -> Void) {
        self.scorer = scorer
        self.now = now
        self.health = health
        self.outcomes = outcomes
        self.report = report
    }

    /// Decides on every job of `jobs`, in their order.
    func run(_ jobs: LineReader, take: (_ job: Job, _ decision: Decision) throws -> Void) throws {
        var decoder = JobDecoder()
        var workspace = ScoringWorkspace()
        var control = PolicyControl(of: scorer.policy)
        health.control = scorer.policy.control
        while let line = try jobs.next() {
            guard let job = decode(line, of: jobs, { bytes throws(JobDefect) in try decoder.decode(bytes) }) else { continue }
            let time = now ?? job.sendTime
            try hear(until: time, &decoder)
            health.advance(to: time)
            let decision = scorer.decide([PendingJob(job: job)], now: time, health: health, control: &control, workspace: &workspace)[0]
            decidedCount += 1
            try take(job, decision)
        }
    }

    private func hear(until time: Timestamp, _ decoder: inout JobDecoder) throws {
        while let outcome = try waiting ?? nextOutcome(&decoder) {
            guard outcome.occurredAt <= time else {
                waiting = outcome
                return
            }
            waiting = nil
            health.observe(outcome)
        }
    }

    private func nextOutcome(_ decoder: inout JobDecoder) throws -> Outcome? {
        guard let outcomes else { return nil }
        while let line = try outcomes.next() {
            if let outcome = decode(line, of: outcomes, { bytes throws(JobDefect) in try decoder.decodeOutcome(bytes) }) { return outcome }
        }
        return nil
    }

    private func decode<Message>(
        _ line: LineReader.Line, of reader: LineReader, _ decode: (Span<UInt8>) throws(JobDefect) -> Message
    ) -> Message? {
        do throws(JobDefect) {
            guard !line.isTooLong else { throw JobDefect(.tooLarge, "a message may have \(JobLimits.messageBytes) bytes") }
            return try decode(line.bytes.span)
        } catch {
            malformedCount += 1
            report("\(reader.name):\(line.number): \(error)")
            return nil
        }
    }
}
