import Broker
import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// Every job comes out once, untouched, where its decision says, and the log knows it.
    @Suite struct HappyPathTests {
        @Test("Without a model: jobs of every channel, template and state come out once, as the rules say, and are logged once")
        func rules() throws {
            try Line.run("rules") { line in
                let jobs = TestJob.mixed(540, now: .now)
                let scorer = try line.startScorer()
                try line.publish(jobs)
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let results = try line.takeResults()
                #expect(results.messages.count == jobs.count)
                #expect(results.duplicateCount == 0)
                let found = results.byID
                for (index, job) in jobs.enumerated() {
                    let message = try #require(found[job.job.jobID]?.first)
                    try expectDecision(on: job, in: message, of: line, model: "none")
                    #expect(message["action"] == TestJob.state(of: index).expected.rawValue)
                    #expect(message["policy"] == "rules")
                    #expect(message["probability"] == nil, "without a model nobody knows one")
                }
                #expect(try line.database.exactCount(of: .decisions) == jobs.count)
                let record = try #require(try line.database.decisions(notificationID: jobs[0].job.notificationID).first)
                #expect(record.job.withoutRecipient == jobs[0].job.withoutRecipient)
                #expect(record.recipientHash == nil, "no key was configured")
                #expect(try line.depth(of: [line.names.jobs]) == 0)
            }
        }

        @Test("With a model: every decision carries its version and probability, and the log the feature row and its names")
        func model() throws {
            try Line.run("model") { line in
                let model = try TrainedModel.shared()
                let key = "\(line.folder)/recipient.key"
                try String(repeating: "k", count: 32).write(toFile: key, atomically: true, encoding: .utf8)
                let scorer = try line.startScorer(settings: ["scoring.model=\(model.path)", "privacy.recipient-key-file=\(key)"])
                let jobs = TestJob.mixed(540, now: .now)
                try line.publish(jobs)
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let results = try line.takeResults()
                #expect(results.messages.count == jobs.count)
                #expect(results.duplicateCount == 0)
                let found = results.byID
                for (index, job) in jobs.enumerated() {
                    let message = try #require(found[job.job.jobID]?.first)
                    try expectDecision(on: job, in: message, of: line, model: model.version)
                    #expect(message["policy"] == "utility")
                    let record = try #require(try message.decisionID.flatMap { try line.database.decision(id: $0) })
                    #expect(record.recipientHash?.count == 64)
                    guard message["reason"] == DecisionReason.bestUtility.rawValue else {
                        #expect(TestJob.state(of: index).expected != .dispatch || record.decision.reason == .notWorthwhile)
                        continue
                    }
                    #expect(record.schemaFingerprint == model.schema.fingerprint)
                    #expect(record.decision.features.count == model.schema.featureCount)
                    #expect(record.decision.actions.count >= 2, "now, through either provider, at the least")
                    let probability = try #require(message["probability"].flatMap { Float($0) })
                    #expect((0...1).contains(probability))
                    #expect(abs(record.decision.probability - probability) < 1e-6)
                }
                #expect(results.messages.contains { $0["reason"] == DecisionReason.bestUtility.rawValue })
                try expectNamedFeatures(of: model, in: line)
            }
        }

        @Test("On the wire, everything is text but the delay, which is a whole number")
        func headerTypes() throws {
            try Line.run("headers") { line in
                let model = try TrainedModel.shared()
                let scorer = try line.startScorer(settings: ["scoring.model=\(model.path)"])
                let job = TestJob(0, now: .now)
                try line.publish([job])
                try line.awaitDecisions(1)
                try scorer.stopCleanly()
                let id = DecisionID(jobID: job.job.jobID, previous: nil)
                let decision = try #require(try line.database.decision(id: id)).decision
                let queue = try #require(try line.dispatchQueues.first { try line.depth(of: [$0]) == 1 })
                let expected: [String: WireClient.Value] = [
                    "decision-id": .text(id.text), "action": .text("dispatch"),
                    "probability": .text(String(format: "%.9g", Double(decision.probability))),
                    "priority": .text(decision.priority.rawValue), "delay-ms": .integer(0), "provider": .text(decision.provider),
                    "model": .text(model.version), "policy": .text("utility"), "reason": .text("best_utility"),
                ]
                // The broker adds a count of its own.
                let headers = try WireClient.takeHeaders(from: queue, at: line.url).filter { $0.key != "x-delivery-count" }
                #expect(headers == Dictionary(uniqueKeysWithValues: expected.map { ("x-herald-" + $0, $1) }))
            }
        }

        @Test("A delayed job comes back by itself and is decided again, each decision chained to the one before, until it is due")
        func retries() throws {
            try Line.run("retries", ladder: ["1s", "2s"]) { line in
                let scorer = try line.startScorer()
                let now = Timestamp.now
                let jobs = (0..<60).map { index in
                    var job = TestJob(index, now: now).job
                    job.sendTime = now + 5000
                    return TestJob(job)
                }
                try line.publish(jobs)
                try line.awaitDepth(of: line.dispatchQueues, atLeast: jobs.count)
                try scorer.stopCleanly()
                let results = try line.takeResults()
                #expect(results.messages.count == jobs.count)
                #expect(results.duplicateCount == 0)
                for message in results.messages {
                    let job = try #require(jobs.first { $0.job.jobID == message.messageID })
                    #expect(message.body == job.body, "two dead-letterings later")
                    let decisions = try line.database.decisions(notificationID: job.job.notificationID).map(\.decision)
                    #expect(decisions.count >= 3, "2 s, 2 s or less, and then it is due")
                    #expect(decisions.dropLast().allSatisfy { $0.kind == .retry && $0.reason == .notDue })
                    #expect(decisions.last?.kind == .dispatch)
                    #expect(decisions.last?.id == message.decisionID)
                    var previous: DecisionID?
                    for decision in decisions {
                        #expect(decision.id == DecisionID(jobID: job.job.jobID, previous: previous))
                        previous = decision.id
                    }
                }
            }
        }

        /// What must be so of every decided job's message, whatever was decided.
        private func expectDecision(on job: TestJob, in message: FoundMessage, of line: Line, model: String) throws {
            #expect(message.body == job.body, "the job's own bytes")
            #expect(message.contentType == "application/json")
            #expect(message.decisionID == DecisionID(jobID: job.job.jobID, previous: nil))
            #expect(message["model"] == model)
            #expect(message["provider"].map(job.job.providers.contains) == true)
            let kind = try #require(message["action"].flatMap { DecisionKind(rawValue: $0) })
            let priority = try #require(message["priority"].flatMap { Priority(rawValue: $0) })
            let delay = try #require(message["delay-ms"].flatMap { Int64($0) })
            let reason = try #require(message["reason"].flatMap { DecisionReason(rawValue: $0) })
            switch kind {
            case .dispatch:
                #expect(message.queue == line.names.dispatch(priority.rawValue))
                #expect(delay == 0)
            case .retry:
                let step = try #require(line.ladder.steps.first { $0.milliseconds == delay })
                #expect(message.queue == line.names.retry(priority.rawValue, step.name))
            case .giveUp:
                #expect(message.queue == line.names.undeliverable)
                #expect(delay == 0)
            }
            let record = try #require(try message.decisionID.flatMap { try line.database.decision(id: $0) })
            #expect(record.job.jobID == message.messageID)
            #expect(record.decision.kind == kind)
            #expect(record.decision.priority == priority)
            #expect(record.decision.delayMilliseconds == delay)
            #expect(record.decision.reason == reason)
            #expect(record.decision.provider == message["provider"])
            #expect(record.source == .stream)
        }

        /// The view names each feature of a scored decision as the model's schema does.
        private func expectNamedFeatures(of model: TrainedModel, in line: Line) throws {
            let query = #"{"find": "decisions_named", "filter": {"reason": "best_utility"}, "limit": 1}"#
            let reply = try line.database.read(Document(json: query, doing: "testing"), doing: "testing")
            let batch = reply["cursor"]?.document?["firstBatch"]?.document?.values ?? []
            let decision = try #require(batch.first?.document)
            #expect(decision["features"]?.document?.keys == model.schema.names)
        }
    }
}

extension Job {
    /// As the log keeps it.
    fileprivate var withoutRecipient: Job {
        var job = self
        job.recipient = nil
        return job
    }
}
