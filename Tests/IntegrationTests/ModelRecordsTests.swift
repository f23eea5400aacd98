import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// The models' life over HTTP.
    @Suite struct ModelRecordsTests {
        @Test("Promotions and rollbacks reach a running scorer within 2 s, and the history has the caller's name")
        func lifecycle() async throws {
            try await Line.run("records-models") { line in
                let models = try ModelsUnderTest(line, versions: ["one", "two", "bad"], store: "mongodb")
                try models.setLogLoss(of: "bad", value: 0.9, lower: 0.89, upper: 0.91)
                let scorer = try line.startScorer(settings: models.settings)
                try scorer.awaitStatus("one is in use") { $0.model == "one" }
                try await RecordsService.run(on: line) { service in
                    let promoted = try await service.post("/models/two/promote", #"{"reason": "looks better"}"#)
                    #expect(promoted.status == 200, "\(promoted.text)")
                    #expect(promoted.json["version"] as? String == "two")
                    try scorer.awaitStatus("two is in use", within: .milliseconds(3500)) { $0.model == "two" }

                    let again = try await service.post("/models/two/promote")
                    #expect(again.status == 409)
                    #expect((again.json["detail"] as? String)?.contains("two is the champion already") == true)
                    let worse = try await service.post("/models/bad/promote")
                    #expect(worse.status == 409)
                    let refusal = try #require(worse.json["detail"] as? String)
                    #expect(refusal.contains("worse beyond its interval") && refusal.contains("\"force\": true"), "\(refusal)")
                    #expect(!refusal.contains("--force") && worse.json["field"] as? String == "force")
                    #expect(again.json["field"] == nil, "nothing to be forced")
                    let forced = try await service.post("/models/bad/promote", #"{"force": true}"#)
                    #expect(forced.status == 200, "\(forced.text)")
                    try scorer.awaitStatus("bad is in use", within: .milliseconds(3500)) { $0.model == "bad" }
                    let back = try await service.post("/models/rollback", #"{"reason": "worse"}"#)
                    #expect(back.status == 200 && back.json["version"] as? String == "two", "\(back.text)")
                    try scorer.awaitStatus("two is in use again", within: .milliseconds(3500)) { $0.model == "two" }
                    let further = try await service.post("/models/rollback")
                    #expect(further.json["version"] as? String == "one")
                    #expect(try await service.post("/models/rollback").status == 404)

                    #expect(try await service.post("/models/absent/promote").status == 404)
                    #expect(try await service.post("/models/..%2Fx/promote").status == 400)
                    #expect(try await service.post("/models/two/promote", #"{"because": "x"}"#).status == 400)
                    #expect(try await service.post("/models/two/promote", #"{"force": "yes"}"#).status == 400)
                }
                let events = try models.events().filter { $0.by == "ann" }
                let promotions = events.filter { $0.kind == .promoted }.map(\.to)
                #expect(promotions == ["two", "bad"], "\(events.map { "\($0.kind.rawValue) \($0.to)" })")
                #expect(events.contains { $0.kind == .refused && $0.to == "bad" })
                let rollbacks = events.filter { $0.kind == .rolledBack }.map(\.to)
                #expect(rollbacks == ["two", "one"])
                #expect(events.contains { $0.reason.contains("looks better") })
                try scorer.stopCleanly()
            }
        }

        @Test("Versions are listed and told with manifest, history and report; nobody below admin changes one")
        func looking() async throws {
            try await Line.run("records-looking", declared: false) { line in
                try line.database.prepare()
                let models = try ModelsUnderTest(line, versions: ["one", "two"], store: "mongodb")
                #expect(try models.run("register", "one").exitCode == 0)
                try await RecordsService.run(on: line, caller: Caller(name: "eve", roles: [.read])) { service in
                    let list = try await service.get("/models")
                    #expect(list.status == 200, "\(list.text)")
                    let versions = try #require(list.json["models"] as? [[String: Any]])
                    #expect(Set(versions.compactMap { $0["version"] as? String }) == ["one", "two"])
                    let one = try #require(versions.first { $0["version"] as? String == "one" })
                    #expect(one["aliases"] as? [String] == ["champion"])
                    #expect(one["places"] as? [String] == ["mongodb", "disk"])
                    #expect(one["bytes"] as? Int ?? 0 > 1000)
                    #expect((one["data"] as? [String: Any])?["source"] as? String == "attempts.csv")

                    let detail = try await service.get("/models/one")
                    #expect(detail.status == 200, "\(detail.text)")
                    let manifest = try #require(detail.json["manifest"] as? [String: Any])
                    #expect(manifest["model_version"] as? String == "one")
                    let diagrams = try #require((manifest["assessment"] as? [String: Any])?["diagrams"] as? [String: [[String: Any]]])
                    let keys = diagrams.mapValues { Set($0.first?.keys.map(\.self) ?? []) }
                    #expect(
                        keys == [
                            "reliability": ["predicted", "observed", "lower", "upper", "rows"],
                            "roc": ["false_positive_rate", "true_positive_rate"], "precision_recall": ["recall", "precision"],
                            "importances": ["feature", "contribution", "gain"],
                        ])
                    #expect((detail.json["history"] as? [[String: Any]])?.contains { $0["kind"] as? String == "registered" } == true)
                    #expect(!detail.text.contains(line.folder))
                    let report = try await service.get("/models/one/report")
                    #expect(report.status == 200)
                    #expect(report.headers["content-type"] == "text/html; charset=utf-8")
                    #expect(report.headers["content-security-policy"]?.contains("default-src 'none'") == true)
                    #expect(report.text.hasPrefix("<!DOCTYPE html>"))
                    #expect(try await service.get("/models/absent").status == 404)
                    #expect(try await service.get("/models/absent/report").status == 404)
                    #expect(try await service.post("/models/two/promote").status == 403)
                    #expect(try await service.post("/models/rollback").status == 403)
                    #expect(try await service.post("/train", #"{"from": "mongodb"}"#).status == 403)
                }
            }
        }
    }
}
