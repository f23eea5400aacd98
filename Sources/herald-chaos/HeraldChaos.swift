import ArgumentParser
import Foundation

/// Inflicts faults on a working line and accounts for every job afterwards.
@main
struct HeraldChaos: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herald-chaos",
        abstract: "Inflicts faults on a scorer, its broker and its database under load, and accounts for every job.",
        discussion: """
            The servers must be of a stack of one's own, because they are stopped and killed: `make chaos` starts one. Ends with 1 where a \
            guarantee was broken: a job lost, a record missing, more duplicates than a fault explains, a recovery that took too long.
            """)

    @Option(help: "Jobs to publish at least.") var jobs = 2_000_000
    @Option(help: "Faults to inflict.") var faults = 200
    @Option(help: "Jobs a second.") var rate = 2500
    @Option(help: "Of the order of the faults; the same seed gives the same order.") var seed: UInt64 = 1
    @Option(help: "Only these faults.") var only: [String] = []
    @Option(help: "Folder of the models that are swapped: v1, v2 and champion.") var models = "models"
    @Option(help: "The command under test; the one beside this program unless given.") var herald: String?
    @Option(help: "The script that starts and stops the servers.") var stack = "scripts/stack"
    @Option(help: "File for the figures, as one flat JSON object.") var json: String?

    func validate() throws {
        guard jobs > 0, faults >= 0, (1...20_000).contains(rate) else {
            throw ValidationError("--jobs must be above 0, --faults at least 0, --rate 1 to 20000")
        }
        let known = Set(FaultTable.all.map(\.name))
        if let unknown = only.first(where: { !known.contains($0) }) {
            throw ValidationError("--only knows no fault '\(unknown)'; there are \(known.sorted().joined(separator: ", "))")
        }
    }

    func run() throws {
        // A line that is written while a peer goes away must not end the tool.
        signal(SIGPIPE, SIG_IGN)
        let line = try ChaosLine(herald: herald, models: models, stack: Stack(script: stack))
        let run = ChaosRun(line, options: self)
        let result = Result { try run.run() }
        line.cleanUp()
        let verdict = try result.get()
        say(verdict.table)
        if let json { try verdict.json.write(toFile: json, atomically: true, encoding: .utf8) }
        for breach in verdict.breaches { say("BROKEN: \(breach)") }
        guard verdict.breaches.isEmpty else { throw ExitCode(1) }
        say("every guarantee held")
    }
}

/// The tool cannot go on.
struct ChaosError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
