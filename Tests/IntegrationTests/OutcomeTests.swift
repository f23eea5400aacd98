import Broker
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// Outcomes find their way into the log.
    @Suite struct OutcomeTests {
        @Test("Outcomes sent twice, out of order and before their decision are stored once; malformed ones are quarantined")
        func outcomes() throws {
            try Line.run("outcomes") { line in
                let now = Timestamp.now
                // Three outcomes of each of 50 jobs: throttled, then a soft bounce, then delivered.
                let statuses: [DeliveryStatus] = [.throttled, .softBounce, .delivered]
                let outcomes = (0..<50).flatMap { index in
                    statuses.enumerated().map { step, status in
                        Self.outcome(of: TestJob(index, now: now).job, status, at: now + Int64(step) * 1000)
                    }
                }
                var generator = SystemRandomNumberGenerator()
                let messages = (outcomes + outcomes).shuffled(using: &generator)
                let malformed = [Array(#"{"job_id":"#.utf8), JobEncoder.json(TestJob(0, now: now).job)]

                let scorer = try line.startScorer()
                try line.withBroker { broker in
                    for (index, outcome) in messages.enumerated() {
                        if index % 150 == 75 { try broker.publish(Self.message("bad-\(index / 150)", malformed[index / 150], to: line)) }
                        try broker.publish(Self.message(outcome.jobID, JobEncoder.json(outcome), to: line))
                    }
                }
                try wait(for: "all outcomes in the log") { try line.database.exactCount(of: .outcomes) >= outcomes.count }
                try line.awaitDepth(of: [line.names.quarantine], atLeast: malformed.count)
                try scorer.awaitStatus("all outcomes taken") { $0.counts.outcomes == messages.count && $0.counts.quarantined == 2 }
                // The decision comes last.
                try line.publish((0..<50).map { TestJob($0, now: now) })
                try line.awaitDecisions(50)
                try scorer.stopCleanly()

                #expect(try line.database.exactCount(of: .outcomes) == outcomes.count)
                #expect(try line.database.exactCount(of: .decisions) == 50)
                for index in 0..<50 {
                    let expected = outcomes.filter { $0.jobID == "job-\(index)" }
                    #expect(try line.database.outcomes(jobID: "job-\(index)") == expected, "whole, and oldest first")
                }
                let quarantined = try line.takeResults().inQueue(line.names.quarantine)
                #expect(Set(quarantined.map(\.body)) == Set(malformed))
                #expect(Set(quarantined.compactMap { $0["reason"] }) == ["not_json", "missing_field"])
                #expect(quarantined.allSatisfy { $0["queue"] == line.names.outcomesLog })
                #expect(try line.depth(of: [line.names.outcomesLog]) == 0)
                // A stream counts its messages every few seconds.
                try line.awaitDepth(of: [line.names.outcomesRecent], atLeast: messages.count + malformed.count, within: .seconds(15))
            }
        }

        private static func outcome(of job: Job, _ status: DeliveryStatus, at time: Timestamp) -> Outcome {
            Outcome(
                jobID: job.jobID, notificationID: job.notificationID, provider: job.provider, channel: job.channel,
                recipientCountry: job.recipientCountry, templateType: job.templateType, status: status, responseCode: 250,
                latencyMilliseconds: 41.5, attemptedAt: time + -42, occurredAt: time)
        }

        private static func message(_ id: String, _ body: [UInt8], to line: Line) -> OutgoingMessage {
            OutgoingMessage(
                exchange: line.names.outcomesExchange, routingKey: "", messageID: id, contentType: "application/json",
                body: MessageBody(body))
        }
    }
}
