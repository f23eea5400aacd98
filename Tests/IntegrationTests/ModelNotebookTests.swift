import Foundation
import Scoring
import Testing

extension WholeLine {
    /// The notebook, executed in a real Python against the model that this repository ships.
    @Suite struct ModelNotebookTests {
        private static var root: String {
            URL(fileURLWithPath: Herald.champion).deletingLastPathComponent().deletingLastPathComponent().path
        }

        /// The champion with its test rows as the program writes them.
        private final class Rows {
            let folder: String
            let file: String

            init() throws {
                folder = FileManager.default.temporaryDirectory.appending(path: "herald-notebook-\(UUID().uuidString)").path
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                file = "\(folder)/rows.csv"
                let rows = try Command(
                    Herald.path,
                    ["models", "rows", Herald.trainedOnData, "\(root)/data/notifications.csv", "--part", "test", "--output", file],
                    environment: Herald.environment
                ).run(within: .seconds(180))
                guard rows.exitCode == 0 else { throw Failure("herald models rows: \(rows.text)") }
            }

            deinit { try? FileManager.default.removeItem(atPath: folder) }

            func execute(model: String) throws -> Command.Completed {
                var environment = Herald.environment
                environment["HERALD_MODEL"] = model
                environment["HERALD_ROWS"] = file
                return try Command("\(root)/scripts/notebook", ["\(folder)/executed.ipynb"], environment: environment)
                    .run(within: .seconds(300))
            }
        }

        @Test("It reproduces every metric of the champion's manifest and draws its plots")
        func champion() throws {
            let rows = try Rows()
            let run = try rows.execute(model: Herald.trainedOnData)
            try #require(run.exitCode == 0, "\(run.text)")
            let executed = try String(contentsOfFile: "\(rows.folder)/executed.ipynb", encoding: .utf8)
            let manifest = try Manifest(json: Array(Data(contentsOf: URL(fileURLWithPath: "\(Herald.trainedOnData)/manifest.json"))))
            // Those against the true chances need the world.
            let count = manifest.metrics.keys.count { !$0.hasPrefix("bayes_") }
            #expect(executed.contains("all \(count) metrics reproduced"))
            #expect(executed.contains("model \(manifest.modelVersion), created"))
            #expect(executed.matches(of: /"image\/png"/).count == 3)
        }

        @Test("Metrics that are wrong by two millionths end it, by name, and no others")
        func wrongMetrics() throws {
            let rows = try Rows()
            let model = "\(rows.folder)/model"
            try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
            let champion = URL(fileURLWithPath: Herald.trainedOnData).resolvingSymlinksInPath().path
            try FileManager.default.copyItem(atPath: "\(champion)/model.ubj", toPath: "\(model)/model.ubj")
            var manifest = try Manifest(json: Array(Data(contentsOf: URL(fileURLWithPath: "\(champion)/manifest.json"))))
            for name in ["auc", "brier", "ece", "log_loss"] {
                try #require(manifest.metrics[name] != nil)
                manifest.metrics[name]?.value += 2e-6
            }
            try Data(manifest.json()).write(to: URL(fileURLWithPath: "\(model)/manifest.json"))
            let run = try rows.execute(model: model)
            #expect(run.exitCode == 1)
            let message = /metrics that differ from the manifest's by more than 1e-6: \[(.*?)\]/
            let names = run.standardError.firstMatch(of: message).map { Set($0.1.split(separator: ", ")) }
            #expect(names == ["'auc'", "'brier'", "'ece'", "'log_loss'"], "\(run.text.suffix(2000))")
        }

        @Test("It is committed without outputs")
        func withoutOutputs() throws {
            let notebook = try String(contentsOfFile: "\(Self.root)/models/notebooks/model-report.ipynb", encoding: .utf8)
            #expect(notebook.contains("\"outputs\": []"))
            #expect(!notebook.contains("\"output_type\""))
        }
    }
}
