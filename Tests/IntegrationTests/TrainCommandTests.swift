import Foundation
import Testing

extension WholeLine {
    /// `herald train` as a process of its own: what one process cannot tell of itself.
    @Suite struct TrainCommandTests {
        private let folder: String

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "herald-train-\(UInt32.random(in: 0...(.max)))").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }

        private func train(_ arguments: [String]) throws -> Command.Completed {
            try Command(Herald.path, ["train"] + arguments, environment: Herald.environment, folder: folder).run()
        }

        /// The first rows of the committed data set, with times of creation cut to the hour: many notifications began "at once".
        private func coarseData() throws -> String {
            let data = URL(filePath: Herald.champion).deletingLastPathComponent().appending(path: "../data/notifications.csv").standardized
            let lines = try String(contentsOf: data, encoding: .utf8).split(separator: "\n").prefix(6001)
            let coarse = try lines.enumerated().map { number, line in
                var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if number > 0 { fields[8] = try #require(fields[8].split(separator: ":").first) + ":00:00Z" }
                return fields.joined(separator: ",")
            }
            try coarse.joined(separator: "\n").write(toFile: "\(folder)/coarse.csv", atomically: true, encoding: .utf8)
            return "coarse.csv"
        }

        @Test("The same data and seed give the same artifact in every process, also where many notifications begin at once")
        func reproducible() throws {
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let data = try coarseData()
            var artifacts: Set<[Data]> = []
            for number in 0..<4 {
                let run = try train([
                    "--from", data, "--models", "models-\(number)", "--version", "same", "--created-at", "2026-01-02T03:04:05Z", "--trees",
                    "5", "--resamples", "40",
                ])
                #expect(run.exitCode == 0, "\(run.text)")
                artifacts.insert(
                    try ["manifest.json", "model.ubj", "report.html"].map {
                        try Data(contentsOf: URL(filePath: "\(folder)/models-\(number)/same/\($0)"))
                    })
            }
            #expect(artifacts.count == 1)
        }

        @Test("A comparison with one version cannot be booked as one with another")
        func parentIsWhomItIsComparedWith() throws {
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try train([
                "--from", try coarseData(), "--models", "models", "--parent", "another", "--against", Herald.champion, "--resamples", "0",
            ])
            #expect(run.exitCode != 0)
            let champion = URL(fileURLWithPath: Herald.champion).resolvingSymlinksInPath().lastPathComponent
            #expect(run.text.contains("--parent another and --against \(champion) must be one version"), "\(run.text)")
        }
    }
}
