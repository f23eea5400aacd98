import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// `GET /predictions` on decisions that `herald score` has made.
    @Suite struct PredictionRecordsTests {
        @Test("Decisions are listed by pages and filters, and one is told with all that is known of it, but no recipient")
        func decisions() async throws {
            try await Line.run("records") { line in
                let models = try ModelsUnderTest(line, versions: ["one"], store: "mongodb")
                #expect(try models.run("register", "one").exitCode == 0)
                let scorer = try line.startScorer(settings: models.settings)
                let jobs = (0..<200).map { TestJob($0, $0 % 10 == 9 ? .hardBounced : .first, id: "records", now: .now) }
                try line.publish(jobs)
                try line.awaitDecisions(200)
                try scorer.stopCleanly()
                let dispatched = try line.database.pages(of: 200).filter { $0.decision.kind == .dispatch }
                let lucky = try #require(dispatched.first)
                let reports = [outcome(lucky, .timeout, after: 1000), outcome(lucky, .delivered, after: 2000)]
                #expect(try line.database.insert(reports).inserted == 2)

                try await RecordsService.run(on: line) { service in
                    var ids: [String] = []
                    var times: [String] = []
                    var path = "/predictions?limit=7"
                    while true {
                        let page = try await service.get(path)
                        #expect(page.status == 200, "\(page.text)")
                        #expect(!page.text.contains("someone-") && !page.text.contains("recipient"), "a recipient")
                        let found = try #require(page.json["predictions"] as? [[String: Any]])
                        ids += found.compactMap { $0["decision_id"] as? String }
                        times += found.compactMap { $0["decided_at"] as? String }
                        guard let next = page.json["next"] as? String else { break }
                        path = "/predictions?limit=7&cursor=\(next)"
                    }
                    #expect(ids.count == 200 && Set(ids).count == 200)
                    #expect(times == times.sorted(by: >))

                    let delivered = try await service.get("/predictions?outcome=delivered")
                    #expect((delivered.json["predictions"] as? [[String: Any]])?.map { $0["job_id"] as? String } == [lucky.job.jobID])
                    #expect((try await count(service, "outcome=timeout")) == 1)
                    #expect((try await count(service, "outcome=failed")) == 0)
                    let given = jobs.count(where: { $0.job.lastStatus == .hardBounce })
                    #expect((try await count(service, "outcome=not_attempted")) == given)
                    #expect((try await count(service, "action=give_up&reason=permanent_failure")) == given)
                    #expect((try await count(service, "channel=sms&country=\(lucky.job.recipientCountry)&job_id=absent")) == 0)
                    #expect((try await count(service, "model=one&policy=utility&source=stream&job_id=\(lucky.job.jobID)")) == 1)

                    let detail = try await service.get("/predictions/\(lucky.decision.id)")
                    #expect(detail.status == 200, "\(detail.text)")
                    #expect(!detail.text.contains("someone-") && !detail.text.contains("recipient_hash"), "a recipient")
                    let json = detail.json
                    #expect(json["outcome"] as? String == "delivered")
                    #expect((json["outcomes"] as? [[String: Any]])?.map { $0["status"] as? String } == ["timeout", "delivered"])
                    let explanation = try #require(json["explanation"] as? [String: Any])
                    #expect(explanation["method"] as? String == "tree_shap")
                    #expect((explanation["contributions"] as? [Any])?.isEmpty == false)
                    let features = try #require(json["features"] as? [[String: Any]])
                    let model = try TrainedModel.shared()
                    #expect(features.compactMap { $0["name"] as? String } == model.schema.names)
                    let actions = try #require(json["actions"] as? [[String: Any]])
                    #expect(actions.count(where: { $0["chosen"] as? Bool == true }) == 1)
                    let chance = actions.compactMap { $0["propensity"] as? Double }.reduce(0, +)
                    #expect(abs(chance - 1) < 1e-9)
                    #expect((json["history"] as? [[String: Any]])?.compactMap { $0["decision_id"] as? String } == [lucky.decision.id.text])
                    #expect(json["history_complete"] as? Bool == true)
                    #expect(try await service.get("/predictions/\(String(repeating: "0", count: 32))").status == 404)
                }
            }
        }

        @Test(
            "A parameter that is wrong or unknown is named",
            arguments: [
                ("/predictions?channel=fax", "channel"), ("/predictions?limit=0", "limit"), ("/predictions?limit=501", "limit"),
                ("/predictions?country=de", "country"), ("/predictions?cursor=x", "cursor"), ("/predictions?from=now", "from"),
                ("/predictions?outcome=none", "outcome"), ("/predictions?recipient=a", "recipient"), ("/predictions?job_id=", "job_id"),
                ("/predictions?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"), ("/predictions/xyz", "decision_id"),
                ("/decisions/summary?step=1", "step"), ("/decisions/summary?from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
                ("/models?limit=x", "limit"), ("/train?limit=0", "limit"),
            ])
        func parameters(_ path: String, _ field: String) async throws {
            try await Line.run("records-parameters", declared: false) { line in
                try await RecordsService.run(on: line) { service in
                    let answer = try await service.get(path)
                    #expect(answer.status == 400, "\(answer.text)")
                    #expect(answer.json["field"] as? String == field)
                    #expect(answer.headers["content-type"] == "application/problem+json")
                }
            }
        }

        @Test("The summary counts what there is, and deliveries against the day before")
        func summary() async throws {
            try await Line.run("records-summary", declared: false) { line in
                try line.database.prepare()
                let now = Timestamp.now
                let today = try insert(60, at: now + -3_600_000, delivered: 45, on: line, "today")
                try insert(40, at: now + -90_000_000, delivered: 10, on: line, "yesterday")
                try await RecordsService.run(on: line) { service in
                    let from = (now + -2 * 3_600_000).rfc3339
                    let answer = try await service.get("/decisions/summary?from=\(from)&step=600")
                    #expect(answer.status == 200, "\(answer.text)")
                    let buckets = try #require(answer.json["buckets"] as? [[String: Any]])
                    #expect(buckets.count >= 12 && buckets.count <= 14)
                    #expect(buckets.compactMap { $0["decisions"] as? Int }.reduce(0, +) == 60)
                    let channels = buckets.compactMap { ($0["channels"] as? [String: Int])?["sms"] }.reduce(0, +)
                    #expect(channels == today.count(where: { $0.job.channel == .sms }))
                    let period = try #require(answer.json["period"] as? [String: Any])
                    #expect(period["known"] as? Int == 60)
                    #expect((period["delivered_share"] as? [String: Any])?["value"] as? Double == 0.75)
                    #expect(period["median_time_to_delivery_s"] as? Double == 62)
                    let before = try #require(answer.json["day_before"] as? [String: Any])
                    #expect((before["delivered_share"] as? [String: Any])?["value"] as? Double == 0.25)
                    let cost = try #require(period["cost_per_delivery"] as? Double)
                    let parameters = PolicyParameters()
                    let spent = today.reduce(0.0) { $0 + parameters.channels[$1.job.channel].attemptCost }
                    #expect(abs(cost - spent / 45) < 1e-9)
                }
            }
        }

        private func count(_ service: RecordsService, _ query: String) async throws -> Int {
            let answer = try await service.get("/predictions?limit=500&\(query)")
            return try #require(answer.json["predictions"] as? [Any], "\(answer.text)").count
        }

        private func outcome(_ record: DecisionRecord, _ status: DeliveryStatus, after milliseconds: Int64) -> Outcome {
            Outcome(
                jobID: record.job.jobID, notificationID: record.job.notificationID, provider: record.decision.provider,
                channel: record.job.channel, recipientCountry: record.job.recipientCountry, templateType: record.job.templateType,
                status: status, responseCode: nil, latencyMilliseconds: nil, attemptedAt: record.decision.decidedAt,
                occurredAt: record.decision.decidedAt + milliseconds)
        }

        /// Dispatched decisions, of which the first `delivered` were delivered 2 s later and the rest bounced.
        @discardableResult
        private func insert(_ count: Int, at time: Timestamp, delivered: Int, on line: Line, _ id: String) throws -> [DecisionRecord] {
            let records = (0..<count).map { index in
                let job = TestJob(index, id: id, now: time).job
                let decision = Decision(
                    id: DecisionID(jobID: job.jobID, previous: nil), kind: .dispatch, probability: .nan, priority: .normal,
                    delayMilliseconds: 0, provider: job.provider, model: "none", policy: "rules", reason: .noModel, actions: [],
                    chosen: nil,
                    propensity: 1, features: [], decidedAt: time)
                return DecisionRecord(job: job, decision: decision, schemaFingerprint: nil, recipientHash: nil, source: .stream)
            }
            guard try line.database.insert(records).inserted == count else { throw Failure("not stored") }
            let outcomes = records.enumerated().map { outcome($1, $0 < delivered ? .delivered : .softBounce, after: 2000) }
            guard try line.database.insert(outcomes).inserted == count else { throw Failure("not stored") }
            return records
        }
    }
}

extension Database {
    /// All decisions there are, with their rows.
    fileprivate func pages(of count: Int) throws -> [DecisionRecord] {
        let page = try decisionPage(DecisionFilter(), after: nil, limits: DecisionSearchLimits(count: count))
        return try page.entries.compactMap { try decision(id: $0.record.decision.id) }
    }
}
