import ArgumentParser
import Foundation
import Scoring
import Store
import Training

/// `herald replay`: decide again.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decide again: recorded decisions from MongoDB, or jobs from a file; same bytes in, same decisions out.",
        discussion: """
            With FILE (- = standard input), a job message a line: prints a decision a line. Lines that are no jobs are reported, passed over, \
            and make the exit code 1.

            Without FILE, the decisions in MongoDB: each is taken again with the model that took it, from the models folder, and with live \
            health fed by the outcomes in MongoDB; exit code 1 where one comes out differently. With --model, all are taken with that one and \
            printed; only its own must come out the same.

            With --explain, every decision is printed with its reasons in a sentence and in figures.
            """)

    @Argument(help: "File of jobs, one message a line; - = standard input. Without it, the decisions in MongoDB.")
    var file: String?

    @Option(help: "Time at which every job of FILE is decided, RFC 3339 (default: each at its send_time).")
    var now: String?

    @Option(help: "Live health to begin with, as a snapshot in a file.")
    var health: String?

    @Option(help: "For FILE: outcomes that live health hears meanwhile, a message a line, in the order of occurred_at.")
    var outcomes: String?

    @Option(help: "Only recorded decisions of this model version.")
    var madeBy: String?

    @Flag(help: "Print with each decision why it came out so: a sentence, what spoke for and against it, and the runner-up.")
    var explain = false

    @OptionGroup(title: "Without FILE") var log: LogOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        if let now, Timestamp(rfc3339: now) == nil { throw ValidationError("--now wants a time as in 2026-01-02T03:04:05Z, not '\(now)'") }
        guard file != nil || (now == nil && outcomes == nil) else {
            throw ValidationError("--now and --outcomes are for jobs from a file; recorded decisions have their own times and outcomes")
        }
        guard file == nil || madeBy == nil else { throw ValidationError("--made-by chooses among recorded decisions, and FILE has jobs") }
        guard file != "-" || outcomes != "-" else { throw ValidationError("jobs and outcomes cannot both come from standard input") }
    }

    func run() async throws {
        let configuration = try await options.load()
        try await BlockingWork.run { [self] in
            try file.map { try replayJobs($0, configuration) } ?? replayLog(configuration)
        }
    }

    // MARK: Jobs

    private func replayJobs(_ path: String, _ configuration: HeraldConfiguration) throws {
        let scorer =
            try configuration.scoring.model.map { try shelf(configuration).scorer($0) }
            ?? Scorer(model: nil, ladder: configuration.scoring.ladder)
        let explainer = explain ? scorer.explainer() : nil
        let replay = JobReplay(
            scorer, now: now.flatMap(Timestamp.init(rfc3339:)),
            health: try startingHealth(), outcomes: try outcomes.map { try LineReader($0) }
        ) { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
        var lines = DecisionLines()
        try replay.run(LineReader(path)) { job, decision in
            try lines.write(decision, of: job, explanation: explainer?.explain(decision, of: job))
        }
        try lines.flush()
        guard replay.malformedCount == 0 else {
            let count = "\(replay.malformedCount) lines could not be read; \(replay.decidedCount) decisions\n"
            FileHandle.standardError.write(Data(count.utf8))
            throw ExitCode(1)
        }
    }

    // MARK: Recorded decisions

    private func replayLog(_ configuration: HeraldConfiguration) throws {
        let shelf = shelf(configuration)
        let given = try options.model.map { try shelf.scorer($0) }
        let replay = RecordedReplay(try log.log(configuration, toLastDecision: true), health: try startingHealth()) { version in
            try given ?? shelf.scorer(version: version)
        }
        var lines = DecisionLines()
        var line = StatusLine(given == nil ? progress.style : .plain)
        let report = try replay.run(
            model: madeBy,
            take: { job, decision in
                guard given != nil || explain else { return }
                let explainer = try explain ? shelf.explainer(of: given ?? shelf.scorer(version: decision.model)) : nil
                try lines.write(decision, of: job, explanation: explainer?.explain(decision, of: job))
            },
            progress: { count, share in
                let status = ReplayStatus(decisions: count, share: share)
                line.show(status.description, status)
            })
        line.end()
        try lines.flush()
        show(report, isPrinting: given != nil || explain)
        if report.mismatchCount > 0 { throw ExitCode(1) }
    }

    private func show(_ report: RecordedReplay.Report, isPrinting: Bool) {
        var text = "\(report.comparedCount) decisions taken again, \(report.mismatchCount) came out differently"
        if report.otherCount > 0 { text += "; of \(report.otherCount) of other models, \(report.changedCount) would change" }
        for mismatch in report.mismatches {
            let more = mismatch.differences.count > 3 ? " and \(mismatch.differences.count - 3) more" : ""
            text += "\n\(mismatch.decisionID) of job \(mismatch.jobID) at \(mismatch.decidedAt.rfc3339): "
            text += mismatch.differences.prefix(3).joined(separator: "; ") + more
        }
        (isPrinting ? FileHandle.standardError : .standardOutput).write(Data("\(text)\n".utf8))
    }

    // MARK: Parts

    private func shelf(_ configuration: HeraldConfiguration) -> ModelShelf {
        ModelShelf(configuration.modelsFolder, ladder: configuration.scoring.ladder)
    }

    private func startingHealth() throws -> LiveHealth {
        guard let health else { return LiveHealth() }
        guard let bytes = FileManager.default.contents(atPath: health) else { throw ConfigurationError("cannot read '\(health)'") }
        do {
            return try LiveHealth(snapshot: HealthSnapshot(json: [UInt8](bytes)))
        } catch {
            throw ConfigurationError("\(health): \(error)")
        }
    }
}

/// How far a replay is.
private struct ReplayStatus: Encodable, CustomStringConvertible {
    let decisions: Int
    let share: Double

    var description: String { "\(Int((share * 100).rounded())) %  \(decisions) decisions" }
}
