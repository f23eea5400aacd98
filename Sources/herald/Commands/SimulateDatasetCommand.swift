import ArgumentParser
import Broker
import Foundation
import World

/// `herald simulate dataset`: attempts with their outcomes, as CSV.
struct SimulateDatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Write attempts with their outcomes as CSV, in time order, with constant memory.")

    @OptionGroup var world: WorldOptions
    @OptionGroup var progress: ProgressOptions

    @Option(help: "Rows (attempts) to write.")
    var rows = 100_000

    @Option(name: .shortAndLong, help: "File to write; - = standard output.")
    var output = "-"

    func validate() throws {
        guard (1...1_000_000_000).contains(rows) else { throw ValidationError("--rows must be 1 to 1 000 000 000") }
    }

    func run() async throws {
        try await BlockingWork.run { [self] in try write() }
    }

    private func write() throws {
        let world = World(seed: world.seed, scenario: world.scenario)
        var log = AttemptLog(world: world)
        let sink = try OutputFile(output)
        let began = MonotonicTime.now
        var line = StatusLine(progress.style)
        try DatasetWriter(world: world).write(rows: rows, of: &log, to: sink.write) { written in
            let status = DatasetStatus(rows: written, total: rows, seconds: (MonotonicTime.now - began) / .seconds(1))
            line.show(status.description, status, isLast: written == rows)
        }
        try sink.finish()
    }
}

/// How far `simulate dataset` is.
private struct DatasetStatus: Encodable, CustomStringConvertible {
    let rows: Int
    let total: Int
    let seconds: Double

    var description: String {
        let rate = seconds > 0 ? Double(rows) / seconds : 0
        let remaining = rate > 0 ? Int((Double(total - rows) / rate).rounded(.up)) : 0
        return "\(rows) of \(total) rows  \(Int(rate)) rows/s  \(remaining) s left"
    }
}
