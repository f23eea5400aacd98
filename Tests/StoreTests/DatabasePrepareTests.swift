import Scoring
import Store
import Synchronization
import Testing

@Suite struct DatabasePrepareTests {
    @Test("The second run finds everything in place")
    func twice() throws {
        try withDatabase("prepare", prepared: false) { database throws in
            #expect(
                try database.prepare() == [
                    "created decisions", "indexed decisions", "created outcomes", "indexed outcomes", "created schemas",
                    "created models", "indexed models", "created model_files", "created model_events", "indexed model_events",
                    "created training_runs", "indexed training_runs", "created live_health", "created audit",
                    "indexed audit", "created decisions_named",
                ])
            #expect(try database.prepare() == [])
        }
    }

    @Test("Four processes may prepare at once")
    func together() throws {
        try withDatabase("prepare_together", prepared: false) { database throws in
            let failures = Mutex<[String]>([])
            onThreads(4) { _ in
                do { try database.prepare() } catch { failures.withLock { $0.append("\(error)") } }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(try database.prepare() == [])
        }
    }

    @Test("A validator or a view that is not this version's is brought up to date")
    func outdated() throws {
        try withDatabase("prepare_outdated") { database throws in
            for command in [
                #"{"collMod": "decisions", "validator": {}}"#,
                #"{"collMod": "decisions_named", "viewOn": "decisions", "pipeline": []}"#,
            ] {
                try database.write(Document(json: command, doing: "testing"), doing: "testing")
            }
            #expect(try database.prepare() == ["updated decisions", "updated decisions_named"])
            var invalid = sampleRecord("j")
            invalid.job.jobID = ""
            #expect(try database.insert([invalid]).rejected.map(\.code) == [121])
        }
    }

    @Test("An index that nothing uses any more is dropped")
    func retired() throws {
        try withDatabase("prepare_retired") { database throws in
            let old = """
                {"createIndexes": "decisions", "indexes": [{"name": "channel_provider_action",
                 "key": {"channel": 1, "provider": 1, "action": 1, "decided_at": 1}}]}
                """
            try database.write(Document(json: old, doing: "testing"), doing: "testing")
            #expect(try database.prepare() == ["dropped the index channel_provider_action of decisions"])
            #expect(try database.prepare() == [])
        }
    }

    @Test("Decisions and outcomes expire by their time, after the configured days")
    func retention() throws {
        try withDatabase("prepare_ttl") { database throws in
            func ages(_ collection: String) throws -> [Int64] {
                try database.batch("{\"listIndexes\": \"\(collection)\"}").compactMap { $0["expireAfterSeconds"]?.integer }
            }
            #expect(try ages("decisions") == [90 * 86_400])
            #expect(try ages("outcomes") == [90 * 86_400])
            #expect(try ages("training_runs") == [90 * 86_400])
            #expect(try ages("model_events") == [], "the history is never deleted")
            #expect(try ages("models") == [])
            #expect(
                try database.prepare(retentionDays: 7) == [
                    "changed the retention of decisions", "changed the retention of outcomes", "changed the retention of training_runs",
                ])
            #expect(try ages("decisions") == [7 * 86_400])
            #expect(try ages("outcomes") == [7 * 86_400])
            #expect(throws: StoreError.self) { try database.prepare(retentionDays: 0) }
            #expect(throws: StoreError.self) { try database.prepare(retentionDays: 20_001) }
        }
    }

    @Test(
        "No query to come walks the whole collection or sorts in memory",
        arguments: [
            #"{"find": "decisions", "sort": {"decided_at": -1}, "limit": 10}"#,
            #"{"find": "decisions", "filter": {"notification_id": "n"}, "sort": {"decided_at": 1}}"#,
            #"{"find": "decisions", "filter": {"job_id": "j"}, "sort": {"decided_at": -1}}"#,
            """
            {"find": "decisions", "filter": {"channel": "email", "action": "retry", "source": "api"}, "sort": {"decided_at": -1, "_id": -1},
             "limit": 10}
            """,
            #"{"find": "decisions", "filter": {"reason": "probe"}, "sort": {"decided_at": -1, "_id": -1}, "limit": 10}"#,
            #"{"find": "decisions", "filter": {"model": "v1"}, "sort": {"decided_at": -1, "_id": -1}, "limit": 10}"#,
            #"{"find": "training_runs", "filter": {"slot": "only"}}"#,
            #"{"find": "model_events", "filter": {"alias": "champion"}, "sort": {"number": -1, "_id": -1}, "limit": 1}"#,
            #"{"find": "model_events", "sort": {"at": -1, "_id": -1}, "limit": 100}"#,
            #"{"find": "models", "sort": {"created_at": -1, "_id": -1}, "limit": 100}"#,
            #"{"find": "training_runs", "sort": {"started_at": -1}, "limit": 100}"#,
            #"{"find": "outcomes", "filter": {"job_id": "j"}, "sort": {"occurred_at": 1}}"#,
            #"{"find": "outcomes", "filter": {"notification_id": "n"}, "sort": {"occurred_at": 1}}"#,
            #"{"find": "outcomes", "filter": {"occurred_at": {"$gt": {"$date": "2026-01-01T00:00:00Z"}}}, "sort": {"occurred_at": 1}}"#,
        ])
    func plans(_ query: String) throws {
        try withDatabase("prepare_plans") { database throws in
            let explain = try Document(json: "{\"explain\": \(query), \"verbosity\": \"queryPlanner\"}", doing: "testing")
            let plan = try database.read(explain, doing: "testing")["queryPlanner"]?.document?["winningPlan"]?.document
            let stages = try #require(plan).stages
            #expect(stages.contains("IXSCAN"))
            #expect(!stages.contains("COLLSCAN"))
            #expect(!stages.contains("SORT"))
        }
    }

    @Test("The view gives features and actions by name")
    func view() throws {
        try withDatabase("prepare_view") { database throws in
            try database.register(schema: "f00d", features: ["hour", "last_latency_ms", "delay_s"])
            try database.register(schema: "f00d", features: ["hour", "last_latency_ms", "delay_s"])
            var unknown = sampleRecord("unknown")
            unknown.schemaFingerprint = "beef"
            var unscored = sampleRecord("unscored", features: [])
            unscored.schemaFingerprint = nil
            unscored.decision.actions = []
            unscored.decision.chosen = nil
            #expect(try database.insert([sampleRecord("known"), unknown, unscored]).inserted == 3)

            let found = try database.batch(#"{"find": "decisions_named", "sort": {"job_id": 1}}"#)
            #expect(found.map { $0["job_id"]?.string } == ["known", "unknown", "unscored"])
            #expect(
                try found[0]["features"]
                    == .document(
                        Document(json: "{\"hour\": 1.0, \"last_latency_ms\": null, \"delay_s\": \(Double(Float(0.1)))}", doing: "")))
            let actions = try #require(found[0]["actions"]?.document).values.compactMap(\.document)
            #expect(actions.map { $0["provider"]?.string } == ["ses", "sendgrid"])
            #expect(actions.map { $0["delay_ms"]?.integer } == [0, 15_000])
            #expect(actions.map { $0["utility"] } == [.double(1.25), .double(-0.5)])
            #expect(found[0]["schema_names"] == nil)
            #expect(found[1]["features"]?.document?.values == [])
            #expect(found[2]["features"]?.document?.values == [])
            #expect(found[2]["actions"]?.document?.values == [])
        }
    }

    @Test("The view has every action's propensity, whether or not chance had a say")
    func viewOfPropensities() throws {
        try withDatabase("prepare_view_chance") { database throws in
            var explored = sampleRecord("explored")
            explored.decision.chosen = 1
            explored.decision.propensity = 0.01
            explored.decision.actions[0].propensity = 0.99
            explored.decision.actions[1].propensity = 0.01
            var waits = sampleRecord("waits", kind: .retry)
            waits.decision.chosen = nil
            for index in waits.decision.actions.indices { waits.decision.actions[index].propensity = 0 }
            #expect(try database.insert([sampleRecord("certain"), explored, waits]).inserted == 3)
            let found = try database.batch(#"{"find": "decisions_named", "sort": {"job_id": 1}}"#)
            let propensities = try found.map { try #require($0["actions"]?.document).values.map { $0.document?["propensity"] } }
            #expect(propensities == [[.double(1), .double(0)], [.double(0.99), .double(0.01)], [.double(0), .double(0)]])
        }
    }
}

extension Document {
    /// The names of all stages of a query plan.
    fileprivate var stages: [String] {
        var stages: [String] = []
        forEach { key, value in
            if key == "stage", let name = value.string { stages.append(name) }
            if let inner = value.document { stages += inner.stages }
        }
        return stages
    }
}
