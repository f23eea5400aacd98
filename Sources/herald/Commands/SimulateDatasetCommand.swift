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

    @Option(help: "Notifications a day, for which the providers' capacities are sized; each takes about 1.5 rows.")
    var perDay = WorldParameters().notificationsPerDay

    @Option(name: .shortAndLong, help: "File to write, or folder for partitions; - = standard output.")
    var output = "-"

    @Option(help: "Write files part-00000.csv … of so many rows, each with the header, into the folder --output.")
    var partitionRows: Int?

    @Option(help: "Also write the true probability of every attempt (job_id,true_probability) to this file; it takes about twice as long.")
    var truth: String?

    func validate() throws {
        guard truth == nil || truth != output else { throw ValidationError("--truth and --output must be different files") }
        guard (1...1_000_000_000).contains(rows) else { throw ValidationError("--rows must be 1 to 1 000 000 000") }
        guard (1...1_000_000_000).contains(perDay) else { throw ValidationError("--per-day must be from 1 to 1 000 000 000") }
        if let partitionRows {
            guard partitionRows > 0, rows / partitionRows < 100_000 else {
                throw ValidationError("--partition-rows must be above 0 and make at most 100 000 files")
            }
            guard output != "-" else { throw ValidationError("--partition-rows needs a folder: --output FOLDER") }
        }
    }

    func run() async throws {
        try await BlockingWork.run { [self] in try write() }
    }

    private func write() throws {
        let world = World(seed: world.seed, scenario: world.scenario, notificationsPerSecond: perDay / 86_400)
        var log = AttemptLog(world: world, withTruth: truth != nil)
        let writer = DatasetWriter(world: world)
        if partitionRows != nil { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) }
        let began = MonotonicTime.now
        var line = StatusLine(progress.style)
        var written = 0
        let truthFile = try truth.map { try OutputFile($0) }
        var truths = TruthWriter()
        for (number, count) in partitions.enumerated() {
            let file = try OutputFile(partitionRows == nil ? output : String(format: "%@/part-%05d.csv", output, number))
            try writer.write(
                rows: count, of: &log,
                to: { bytes in
                    try file.write(bytes)
                    if let truthFile { try truths.flush(to: truthFile.write) }
                },
                progress: { rowsOfFile in
                    let status = DatasetStatus(
                        rows: written + rowsOfFile, total: rows, seconds: (MonotonicTime.now - began) / .seconds(1))
                    line.show(status.description, status, isLast: status.rows == rows)
                },
                observe: { row in
                    if truthFile != nil { truths.add(row) }
                })
            try file.finish()
            written += count
        }
        try truthFile?.finish()
    }

    /// Rows of each file.
    private var partitions: [Int] {
        let size = partitionRows ?? rows
        return stride(from: 0, to: rows, by: size).map { min(size, rows - $0) }
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
