import ArgumentParser
import World

/// `herald-bench policy`: what a decision costs, and what it is worth.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Time of a decision, stage by stage, and what policies achieve in closed loop in the synthetic world.",
        discussion: """
            One thread; the contenders take turns on the same jobs, which change from round to round; medians of the thread's own time. \
            'decide' is what is left of the whole after features and score: conditions, utilities, choice, priority, decision.

            Then all policies meet the same worlds, a seed each, in every scenario; gap closed = (U − U of exponential) / (U of oracle − U of \
            exponential).
            """)

    @Option(help: "Folder of the model.")
    var model = "models/champion"

    @Option(help: "Jobs per call.")
    var jobs = 256

    @Option(help: "Rounds that a median is taken of.")
    var rounds = 31

    @Option(help: "Seed of the world.")
    var seed: UInt64 = 1

    @Option(help: "Outcomes of the two days before that live health has seen.")
    var outcomes = 50_000

    @Option(help: "Worlds of each scenario; 0 leaves the closed loop out.")
    var worlds = 10

    @Option(help: "Seed of the first of these worlds.")
    var firstWorld: UInt64 = 2001

    @Option(help: "Notifications in each of these worlds.")
    var notifications = 20_000

    @Option(parsing: .upToNextOption, help: "Scenarios: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scenarios = Scenario.allCases.map(\.rawValue)

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        guard (1...4096).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 4096") }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 1000") }
        guard (1...10_000_000).contains(outcomes) else { throw ValidationError("--outcomes must be from 1 to 10 000 000") }
        guard (0...10_000).contains(worlds) else { throw ValidationError("--worlds must be from 0 to 10 000") }
        guard firstWorld <= .max - 10_000 else { throw ValidationError("--first-world is too large") }
        guard (1...10_000_000).contains(notifications) else { throw ValidationError("--notifications must be from 1 to 10 000 000") }
        for name in scenarios where Scenario(rawValue: name) == nil {
            throw ValidationError("--scenarios knows no '\(name)': \(Scenario.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    func run() throws {
        var report = Report()
        let model = try DecisionBenchmark.model(in: model)
        let bench = try DecisionBenchmark(
            model: model, day: DecisionDay(seed: seed, outcomes: outcomes, jobs: 8 * jobs), rounds: rounds)
        try bench.run(jobsPerCall: jobs, into: &report)
        if worlds > 0 {
            let loop = ClosedLoopBenchmark(
                model: model, seeds: (0..<UInt64(worlds)).map { firstWorld + $0 }, notifications: notifications,
                scenarios: scenarios.compactMap { Scenario(rawValue: $0) })
            try loop.run(into: &report)
        }
        if let json { try report.figures.write(to: json) }
    }
}
