import Foundation
import Scoring
import Testing

extension WholeLine {
    /// The interface against its contract, and against clients of others.
    @Suite struct SidecarContractTests {
        private static var scripts: String {
            let models = URL(fileURLWithPath: Herald.champion).deletingLastPathComponent()
            return models.deletingLastPathComponent().appending(path: "scripts/http").path
        }

        @Test("NVIDIA's client gets through the Open Inference Protocol what the model gives, by JSON and by binary tensors")
        func inference() throws {
            try Line.run("inference") { line in
                let sidecar = try SidecarUnderTest(line)
                let manifest = try Manifest(json: Array(Data(contentsOf: URL(fileURLWithPath: "\(Herald.champion)/manifest.json"))))
                let job = TestJob(2, .backedOff, id: "infer", now: .now)
                let file = "\(line.folder)/job.json"
                try Data(job.body).write(to: URL(fileURLWithPath: file))
                var environment = Herald.environment
                environment["PYTHONPATH"] = "\(Self.scripts)/../../.local/http"
                environment["PYTHONDONTWRITEBYTECODE"] = "1"
                let run = try Command(
                    "/usr/bin/python3", ["\(Self.scripts)/inference.py", "\(sidecar.port)", file, "\(manifest.schema.featureCount)"],
                    environment: environment
                ).run(within: .seconds(60))
                try #require(run.exitCode == 0, "\(run.text)")
                let said = try #require(try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [String: Any])
                #expect(said["version"] as? String == manifest.modelVersion)

                // The same rows through `herald models score`.
                let rows = try #require(said["rows"] as? [[Any]])
                let csv = rows.map { $0.map { ($0 as? Double).map { "\($0)" } ?? "" }.joined(separator: ",") }.joined(separator: "\n")
                try csv.write(toFile: "\(line.folder)/rows.csv", atomically: true, encoding: .utf8)
                let scored = try Command(
                    Herald.path, ["models", "score", "\(Herald.champion)/model.ubj", "\(line.folder)/rows.csv"],
                    environment: Herald.environment
                ).run()
                let margins = scored.standardOutput.split(separator: "\n").compactMap { line in
                    line.split(separator: "\t").first.flatMap { Float($0) }
                }
                #expect(margins == (said["margin"] as? [Double])?.map { Float($0) }, "\(scored.standardError)")

                let decisions = try #require(said["decisions"] as? [[String: Any]])
                #expect(decisions[0]["job_id"] as? String == job.job.jobID)
                #expect((decisions[1]["error"] as? [String: Any])?["field"] as? String == "job_id")
                let refusals = try #require(said["refusals"] as? [[String]])
                #expect(refusals.map(\.[0]) == ["404", "400", "400"])
                #expect(refusals[1][1].contains("shape"))
            }
        }

        @Test("schemathesis finds no answer of 5 000 that breaks the contract")
        func contract() throws {
            try Line.run("contract") { line in
                let made = try Command(Herald.path, ["token", "contract", "--roles", "admin"], environment: Herald.environment).run()
                let tokens = "\(line.folder)/tokens"
                try made.standardOutput.write(toFile: tokens, atomically: true, encoding: .utf8)
                // Of its own: it promotes and rolls back.
                let models = try Herald.copyModels(to: line.folder)
                let sidecar = try SidecarUnderTest(line, settings: ["http.token-file=\(tokens)", "scoring.model=\(models)/champion"])
                let token = made.standardError.trimmingCharacters(in: .whitespacesAndNewlines)
                let run = try Command(
                    "\(Self.scripts)/contract",
                    ["http://127.0.0.1:\(sidecar.port)", token, "--max-examples", "220", "--seed", "1", "--workers", "2", "--no-color"],
                    environment: Herald.environment, folder: line.folder
                ).run(within: .seconds(1200))
                #expect(run.exitCode == 0, "\(run.standardOutput.suffix(6000))")
                let count = run.standardOutput.firstMatch(of: /(\d+) generated/).flatMap { Int($0.1) } ?? 0
                #expect(count >= 5000, "\(run.standardOutput.suffix(1500))")
                #expect(sidecar.child.isRunning)
                try sidecar.child.stopCleanly()
            }
        }
    }
}
