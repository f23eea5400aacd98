import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// `herald train --from mongodb`, `export`, `models import` and `replay` as a person uses them.
    @Suite struct LogCommandTests {
        private static let kept = ["mongodb.retention-days=3650"]

        @Test("From decisions in MongoDB to an export, a model, a challenger; and the same decisions again")
        func decisionsAreLearntFrom() throws {
            try Line.run("log", declared: false) { line in
                let day = try RecordedDay.run(notifications: 5000, ladder: line.ladder)
                let models = try ModelsUnderTest(line, versions: ["small"], store: "mongodb", champion: "small")
                let none = try models.herald(["export", "--to", "early"], settings: Self.kept)
                #expect(none.exitCode != 0 && none.standardError.contains("has no decisions"), "\(none.text)")
                try day.log(to: line.database)

                let train = try models.herald(
                    ["train", "--from", "mongodb", "--version", "fresh", "--trees", "10", "--resamples", "0", "--maturity-window", "600"],
                    settings: Self.kept)
                #expect(train.exitCode == 0, "\(train.text)")
                #expect(train.standardOutput.contains("because none was chosen"))
                let manifest = try Manifest(json: [UInt8](Data(contentsOf: URL(filePath: "\(models.path)/fresh/manifest.json"))))
                #expect(manifest.data.source == "mongodb \(line.database.url.databaseName)")

                let export = try models.herald(["export", "--to", "rows", "--partition-rows", "2000"], settings: Self.kept)
                #expect(export.exitCode == 0, "\(export.text)")
                #expect(FileManager.default.fileExists(atPath: "\(line.folder)/rows/_SUCCESS"))
                #expect(FileManager.default.fileExists(atPath: "\(line.folder)/rows/rows/part-00001.csv"))
                let again = try models.herald(["export", "--to", "rows"], settings: Self.kept)
                #expect(again.exitCode != 0 && again.standardError.contains("not an empty folder"), "\(again.text)")

                let imported = try models.herald(
                    [
                        "models", "import", "\(models.path)/fresh/model.ubj", "--data", "mongodb", "--schema", "\(models.path)/fresh",
                        "--version", "elsewhere", "--resamples", "40", "--as", "ann",
                    ], settings: Self.kept)
                #expect(imported.exitCode == 0, "\(imported.text)")
                #expect(imported.standardOutput.contains("challenger: none → elsewhere (challenged by ann)"), "\(imported.text)")
                #expect(try models.registry.standing(of: .challenger)?.version == "elsewhere")
                let mismatch = try models.herald(
                    ["models", "import", "rows/schema.json", "--data", "mongodb", "--schema", "rows", "--version", "bad"],
                    settings: Self.kept)
                #expect(mismatch.exitCode != 0 && mismatch.standardError.contains("is no model that can be read"), "\(mismatch.text)")

                let replay = try models.herald(["replay"], settings: Self.kept)
                #expect(replay.exitCode == 0, "\(replay.text)")
                #expect(replay.standardOutput.contains("\(day.records.count) decisions taken again, 0 came out differently"))
                // The last of them: what a child prints is kept up to a limit.
                let late = day.records[day.records.count - 300].decision.decidedAt
                let lateCount = day.records.count { $0.decision.decidedAt >= late }
                let other = try models.herald(["replay", "--model", "fresh", "--since", late.rfc3339], settings: Self.kept)
                #expect(other.exitCode == 0, "\(other.text)")
                #expect(other.standardOutput.split(separator: "\n").count == lateCount)
                #expect(other.standardError.contains("of \(lateCount) of other models"))

                let explained = try models.herald(["replay", "--explain", "--since", late.rfc3339], settings: Self.kept)
                #expect(explained.exitCode == 0, "\(explained.text)")
                let sentences = explained.standardOutput.split(separator: "\n").filter { $0.contains("\"sentence\":\"") }
                #expect(sentences.count == lateCount)
                #expect(explained.standardError.contains("\(lateCount) decisions taken again, 0 came out differently"))

                // A decision that nobody took so: found, named, and the exit code says it.
                var forged = day.records[day.records.count / 2]
                forged.job.jobID = "forged"
                forged.decision.id = DecisionID(jobID: "forged", previous: nil)
                forged.decision.priority = forged.decision.priority == .high ? .low : .high
                _ = try line.database.insert([forged])
                let found = try models.herald(["replay"], settings: Self.kept)
                #expect(found.exitCode == 1)
                #expect(found.standardOutput.contains("1 came out differently"), "\(found.text)")
                #expect(found.standardOutput.contains("of job forged") && found.standardOutput.contains("priority: "))
            }
        }

        @Test("Jobs from a file: the same bytes in, the same decisions out; a bad line is named and harms no other")
        func jobsAreReplayed() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "herald-replay-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let model = try TrainedModel.shared()
            let day = try RecordedDay.run(notifications: 300, ladder: .standard)
            let firsts = day.records.filter { $0.job.previousAttempts == 0 }
            let jobs = firsts.map { String(decoding: JobEncoder.json($0.job), as: UTF8.self) }
            try Data((jobs.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(folder)/jobs.ndjson"))
            func replay(_ arguments: String...) throws -> Command.Completed {
                try Command(
                    Herald.path, ["replay"] + arguments + ["--model", model.path], environment: Herald.environment, folder: folder
                ).run()
            }

            let first = try replay("jobs.ndjson")
            #expect(first.exitCode == 0, "\(first.text)")
            let lines = first.standardOutput.split(separator: "\n")
            #expect(lines.count == jobs.count)
            #expect(try replay("jobs.ndjson").standardOutput == first.standardOutput)
            let piped = try Command(
                "/bin/sh", ["-c", "\"$0\" replay - --model \"$1\" < jobs.ndjson", Herald.path, model.path],
                environment: Herald.environment, folder: folder
            ).run()
            #expect(piped.standardOutput == first.standardOutput)

            // Decided as the scorer decides at that time without outcomes.
            let scorer = Scorer(model: try ArtifactFolder(model.path).load(), ladder: .standard)
            var (health, control, workspace) = (LiveHealth(), PolicyControl(of: scorer.policy), ScoringWorkspace())
            health.control = scorer.policy.control
            let decisions = firsts.map { record in
                health.advance(to: record.job.sendTime)
                return scorer.decide(
                    [PendingJob(job: record.job)], now: record.job.sendTime, health: health, control: &control, workspace: &workspace)[0]
            }
            for (line, expected) in zip(lines, decisions) {
                let probability = expected.probability.isNaN ? "null" : String(format: "%.9g", Double(expected.probability))
                #expect(line.contains("\"decision_id\":\"\(expected.id)\""))
                #expect(line.contains("\"action\":\"\(expected.kind.rawValue)\",\"probability\":\(probability),"))
                #expect(line.contains("\"model\":\"small\",\"policy\":\"\(expected.policy)\",\"reason\":\"\(expected.reason.rawValue)\""))
            }

            let explained = try replay("jobs.ndjson", "--explain").standardOutput.split(separator: "\n")
            let explainer = scorer.explainer()
            #expect(explained.count == lines.count)
            for ((line, plain), (decision, record)) in zip(zip(explained, lines), zip(decisions, firsts)) {
                let explanation = explainer.explain(decision, of: record.job)
                #expect(line.hasPrefix(plain.dropLast() + ",\"explanation\":{"))
                #expect(line.contains("\"sentence\":\"\(explanation.sentence)\""))
            }

            let now = "2026-06-01T12:00:00Z"
            let later = try replay("jobs.ndjson", "--now", now)
            #expect(later.standardOutput.split(separator: "\n").allSatisfy { $0.contains("\"decided_at\":\"2026-06-01T12:00:00") })

            let ordered = day.outcomes.sorted { $0.occurredAt < $1.occurredAt }
            let outcomes = ordered.map { String(decoding: JobEncoder.json($0), as: UTF8.self) }
            try Data(outcomes.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/outcomes.ndjson"))
            let informed = try replay("jobs.ndjson", "--outcomes", "outcomes.ndjson")
            #expect(informed.exitCode == 0, "\(informed.text)")
            #expect(informed.standardOutput != first.standardOutput)

            var spoilt = jobs
            spoilt.insert("{\"job_id\": 7}", at: 3)
            spoilt.insert(String(repeating: "x", count: 2 << 20), at: 10)
            try Data(spoilt.joined(separator: "\r\n").utf8).write(to: URL(filePath: "\(folder)/spoilt.ndjson"))
            let bad = try replay("spoilt.ndjson")
            #expect(bad.exitCode == 1)
            #expect(bad.standardError.contains("spoilt.ndjson:4: job_id: "), "\(bad.standardError.prefix(400))")
            #expect(bad.standardError.contains("spoilt.ndjson:11: "))
            #expect(bad.standardError.contains("2 lines could not be read; \(jobs.count) decisions"))
            #expect(bad.standardOutput == first.standardOutput)
        }
    }
}
