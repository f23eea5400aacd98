import Foundation
import Testing

/// `herald-bench policy` as it is started from the command line.
@Suite struct PolicyCommandTests {
    private static let champion = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models/champion").path

    @Test func smallRunTellsEveryStage() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let json = "\(folder)/figures.json"
        let (status, output) = try BenchProgram.run([
            "policy", "--model", Self.champion, "--jobs", "5", "--rounds", "2", "--outcomes", "300", "--worlds", "1", "--notifications",
            "300",
            "--scenarios", "outage", "--json", json,
        ])
        #expect(status == 0, "\(output)")
        let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: json)))
        let figures = try #require(object as? [String: Any])
        for shape in ["1x1", "5x1", "1x10", "5x10", "1x30", "5x30", "1x36", "5x36", "1xnatural", "5xnatural"] {
            for stage in ["features", "score", "whole"] {
                #expect(try #require(figures["decision.\(shape).\(stage)_us_per_job"] as? Double, "\(shape)") > 0)
            }
            #expect(figures["decision.\(shape).decide_us_per_job"] is Double)
        }
        #expect(figures["closed_loop.outage.exponential.gap_closed"] as? Double == 0)
        #expect(figures["closed_loop.outage.oracle.gap_closed"] as? Double == 1)
        #expect(try #require(figures["closed_loop.outage.model.delivered"] as? Double) > 0.5)
    }

    @Test(arguments: [
        ["--worlds", "10001"], ["--notifications", "0"], ["--scenarios", "calm"], ["--jobs", "0"], ["--rounds", "0"], ["--outcomes", "0"],
        ["--model", "none"],
    ])
    func badOptionsAreRefused(options: [String]) throws {
        let (status, output) = try BenchProgram.run(["policy"] + options)
        #expect(status != 0)
        #expect(output.contains(options[0]), "\(output)")
    }
}
