import Foundation
import Testing

extension WholeLine {
    /// `herald evaluate` as a person uses it.
    @Suite struct EvaluateCommandTests {
        private func object(_ path: String) throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
        }

        @Test(
            "Estimates of other parameters on a longer log than the model's; the same figures in every process; refusals with a code of their own"
        )
        func evaluates() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "herald-evaluate-\(UInt32.random(in: 0...(.max)))").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let model = try TrainedModel.shared()
            func herald(_ arguments: [String]) throws -> Command.Completed {
                try Command(Herald.path, arguments, environment: Herald.environment, folder: folder).run(within: .seconds(120))
            }
            func evaluate(_ arguments: [String]) throws -> Command.Completed {
                try herald(["evaluate", "--model", model.path] + arguments)
            }
            for rows in ["40000", "21000"] {
                let simulated = try herald(["simulate", "dataset", "--rows", rows, "--output", "log-\(rows).csv"])
                #expect(simulated.exitCode == 0, "\(simulated.text)")
            }
            try Data(#"{"templates": {"otp": {"half_life_s": 30}}}"#.utf8).write(to: URL(filePath: "\(folder)/policy.json"))
            try Data(#"{"patience": 3}"#.utf8).write(to: URL(filePath: "\(folder)/unknown.json"))

            for number in 1...2 {
                let run = try evaluate(["--from", "log-40000.csv", "--policy", "policy.json", "--json", "\(number).json"])
                #expect(run.exitCode == 0, "\(run.text)")
                for row in ["logged ", "dr ", "snips ", "ips ", "model "] {
                    #expect(run.standardOutput.split(separator: "\n").contains { $0.hasPrefix(row) }, "\(run.text)")
                }
            }
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/1.json")) == Data(contentsOf: URL(filePath: "\(folder)/2.json")))
            let figures = try object("\(folder)/1.json")
            #expect(figures["refused"] as? Bool == false && figures["policy_file"] as? String == "policy.json")
            let lower = try #require(figures["dr_lower"] as? Double)
            let upper = try #require(figures["dr_upper"] as? Double)
            #expect(lower < upper && lower < figures["dr"] as? Double ?? .nan)
            // The model's own 20 000 rows do not count.
            let outside = try #require(figures["left_out_outside_period"] as? Int)
            #expect(try outside >= 20_000 && outside + (#require(figures["decisions"] as? Int)) == 40_000)

            let short = try evaluate(["--from", "log-21000.csv", "--json", "short.json"])
            #expect(short.exitCode == 2, "\(short.text)")
            #expect(short.standardError.contains("refused: the ") && short.standardError.contains("times as long"), "\(short.text)")
            let refused = try object("\(folder)/short.json")
            #expect(refused["refused"] as? Bool == true && refused["refusal_codes"] as? String == "poor_overlap" && refused["dr"] == nil)

            let unknown = try evaluate(["--from", "log-40000.csv", "--policy", "unknown.json"])
            #expect(unknown.exitCode == 1 && unknown.standardError.contains("unknown.json: unknown key 'patience'"), "\(unknown.text)")
            let missing = try evaluate(["--from", "log-40000.csv", "--policy", "nowhere.json"])
            #expect(missing.exitCode == 1 && missing.standardError.contains("cannot read 'nowhere.json'"), "\(missing.text)")
        }

        @Test("Herald's own decisions in MongoDB: their policy is worth what it was worth; a model that decides otherwise is refused")
        func evaluatesItsOwnDecisions() throws {
            try Line.run("evaluate", declared: false) { line in
                let day = try RecordedDay.run(notifications: 1500, ladder: line.ladder)
                let models = try ModelsUnderTest(line, versions: ["small"], store: "disk", champion: "small")
                try day.log(to: line.database)
                let kept = ["mongodb.retention-days=3650"]
                let own = try models.herald(["evaluate", "--from", "mongodb", "--json", "own.json"], settings: kept)
                #expect(own.exitCode == 0, "\(own.text)")
                let figures = try object("\(line.folder)/own.json")
                #expect(figures["matched_share"] as? Double == 1 && figures["largest_weight"] as? Double == 1)
                for name in ["dr_difference", "ips_difference", "snips_difference", "dr_difference_lower", "dr_difference_upper"] {
                    #expect(abs(figures[name] as? Double ?? .nan) < 1e-6, "\(name)")
                }
                #expect(figures["model_version"] as? String == "small" && figures["left_out_without_outcome"] as? Int == 0)
                #expect(try #require(figures["decisions"] as? Int) > 1500)

                // By its version in the models folder; a policy that never waits did not decide here.
                try Data(#"{"patience_half_lives": 0}"#.utf8).write(to: URL(filePath: "\(line.folder)/now.json"))
                let other = try models.herald(
                    ["evaluate", "--from", "mongodb", "--model", "small", "--policy", "now.json", "--maximum-unsupported-share", "0.001"],
                    settings: kept)
                #expect(other.exitCode == 2 && other.standardError.contains("could not have been logged"), "\(other.text)")
            }
        }
    }
}
