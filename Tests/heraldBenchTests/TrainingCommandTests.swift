import Foundation
import Testing

/// `herald-bench training` as it is started from the command line.
@Suite struct TrainingCommandTests {
    @Test func smallRunTellsEveryStage() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let json = "\(folder)/figures.json"
        let (status, output) = try BenchProgram.run([
            "training", "--rows", "4000", "--repeats", "2", "--peers", "\(folder)/none", "--folder", folder, "--json", json,
        ])
        #expect(status == 0, "\(output)")
        #expect(output.contains("peer is absent"), "\(output)")
        let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: json)))
        let figures = try #require(object as? [String: Any])
        func figure(_ name: String) throws -> Double { try #require(figures[name] as? Double, "\(name)") }
        #expect(try figure("rows") == 4000)
        #expect(figures["peer.absent"] is String)
        #expect(try figure("herald.trees") > 0)
        #expect(try figure("herald.auc") > 0.5)
        #expect(try figure("herald.peak_mb") > 1)
        var stages = 0.0
        for stage in ["start", "features", "boosting", "baselines", "calibration", "metrics", "intervals", "explanation", "artifact"] {
            #expect(try figure("herald.\(stage).wall_s") > 0, "\(stage)")
            for figure in ["wall_min_s", "wall_max_s", "cpu_s", "cpu_min_s", "cpu_max_s"] {
                #expect(figures["herald.\(stage).\(figure)"] is Double, "\(stage) \(figure)")
            }
            stages += try figure("herald.\(stage).wall_min_s")
        }
        // No time is left out, and none is counted twice.
        #expect(try stages <= figure("herald.total.wall_max_s"))
        #expect(try figure("herald.shared.wall_min_s") < figure("herald.total.wall_max_s"))
    }

    @Test func failingCommandIsToldOfByItsOwnMessage() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (status, output) = try BenchProgram.run(["training", "--herald", "/usr/bin/false", "--folder", folder])
        #expect(status != 0)
        #expect(output.contains("false simulate ended with status 1"), "\(output)")
        let missing = try BenchProgram.run(["training", "--herald", "\(folder)/none", "--folder", folder])
        #expect(missing.status != 0)
        #expect(missing.output.contains("cannot start '\(folder)/none'"), "\(missing.output)")
    }

    @Test(arguments: [["--rows", "10"], ["--repeats", "0"], ["--threads", "0"]])
    func badOptionsAreRefused(options: [String]) throws {
        let (status, output) = try BenchProgram.run(["training"] + options)
        #expect(status != 0)
        #expect(output.contains(options[0]), "\(output)")
    }
}
