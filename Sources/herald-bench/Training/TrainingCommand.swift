import ArgumentParser
import Foundation

/// `herald-bench training`: rows to artifact against pandas and XGBoost in Python.
struct TrainingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training",
        abstract: "Time and memory from rows to a model artifact: `herald train` and pandas + XGBoost in Python, stage by stage.",
        discussion: """
            Both read the same data set of the synthetic world, in turns, each in a process of its own; medians. CPU is what the process's \
            threads computed, which the machine's other work hardly changes. The features of both are compared first.
            """)

    @Option(help: "Rows of the data set.")
    var rows = 200_000

    @Option(help: "Runs of each side that a median is taken of.")
    var repeats = 3

    @Option(help: "Threads of XGBoost on both sides.")
    var threads = 1

    @Option(help: "Seed of the world that the rows come from.")
    var seed: UInt64 = 1

    @Option(help: "The command to measure (default: the one beside this program).")
    var herald: String?

    @Option(help: "Folder that `make bench-peers` made.")
    var peers = ".local/bench-peers"

    @Option(help: "Folder for data set, artifacts and logs, which are kept (default: a temporary one).")
    var folder: String?

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        guard (2000...100_000_000).contains(rows) else { throw ValidationError("--rows must be from 2000 to 100 000 000") }
        guard (1...100).contains(repeats) else { throw ValidationError("--repeats must be from 1 to 100") }
        guard (1...1024).contains(threads) else { throw ValidationError("--threads must be from 1 to 1024") }
    }

    func run() throws {
        let files = FileManager.default
        let folder = folder ?? files.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        defer { if self.folder == nil { try? files.removeItem(atPath: folder) } }
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = try URL(fileURLWithPath: files.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        var benchmark = TrainingBenchmark(
            herald: herald ?? program.deletingLastPathComponent().appending(path: "herald").path, peers: peers, folder: folder,
            threads: threads)
        try benchmark.run(rows: rows, seed: seed, repeats: repeats)
        if let json { try benchmark.report.figures.write(to: json) }
    }
}
