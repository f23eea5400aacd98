import ArgumentParser
import Broker
import Foundation
import Logging
import Store

/// `herald-bench pipeline`: how fast jobs go through a scorer, and what the same broker moves without one.
struct PipelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Jobs a second, computing and latency of the scorer, against a bare relay, the broker's shovel and a Python worker.",
        discussion: """
            Everything on this machine, in turns, medians of the rounds. 'relay' consumes, publishes with confirms and acknowledges in C, \
            and does nothing else; 'shovel' is the broker's own; 'python' is pika, xgboost and pymongo of what `make bench-peers` installs, \
            without confirms. 'herald_k' is `herald score` with k actions a job, confirms, and a log of majority and journal. Rates are of \
            a backlog between its first and its last tenth. The servers and their processes are those of `eval "$(scripts/stack env)"`.
            """)

    @Option(help: "Folder of the model.")
    var model = "models/champion"

    @Option(help: "Jobs of a backlog.")
    var jobs = 100_000

    @Option(help: "Rounds that a median is taken of.")
    var rounds = 3

    @Option(help: "Seconds of a measurement of latency; 0 = none.")
    var latencySeconds = 15.0

    @Option(help: "Only these contenders.", transform: { $0.split(separator: ",").map(String.init) })
    var only: [String] = []

    @Option(help: "Jobs of one large backlog that the relay and herald_12 take in the end; 0 = none.")
    var largeBacklog = 0

    @Option(help: "The command to measure.")
    var herald: String?

    @Option(help: "Address of the broker; RABBITMQ_URL where it is not given.")
    var rabbitmqURL: String?

    @Option(help: "Address of the database; MONGODB_URL where it is not given.")
    var mongodbURL: String?

    @Option(help: "Folder with the peers.")
    var peers = ".local/bench-peers"

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        guard (1000...10_000_000).contains(jobs) else { throw ValidationError("--jobs must be from 1000 to 10000000") }
        guard (1...100).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 100") }
        guard latencySeconds == 0 || (1...600).contains(latencySeconds) else {
            throw ValidationError("--latency-seconds must be 0, or from 1 to 600")
        }
    }

    func run() throws {
        let bench = try PipelineBenchmark(self)
        defer { bench.cleanUp() }
        try bench.run()
        if let json { try bench.report.figures.write(to: json) }
    }
}
