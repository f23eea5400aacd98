import ArgumentParser

/// `herald-bench policy`: what a decision costs.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Time of a decision, stage by stage, with jobs and live health of the synthetic world.",
        discussion: """
            One thread; the contenders take turns on the same jobs, which change from round to round; medians of the thread's own time. \
            'decide' is what is left of the whole after features and score: conditions, utilities, choice, priority, decision.
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

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        guard (1...4096).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 4096") }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 1000") }
        guard (1...10_000_000).contains(outcomes) else { throw ValidationError("--outcomes must be from 1 to 10 000 000") }
    }

    func run() throws {
        var report = Report()
        let bench = try DecisionBenchmark(
            model: DecisionBenchmark.model(in: model), day: DecisionDay(seed: seed, outcomes: outcomes, jobs: 8 * jobs), rounds: rounds)
        try bench.run(jobsPerCall: jobs, into: &report)
        if let json { try report.figures.write(to: json) }
    }
}
