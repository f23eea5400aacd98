import Broker
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// Outcomes find their way into the features of the next decisions, and survive the scorer.
    @Suite struct LiveHealthLineTests {
        /// So many outcomes through each of the job's routes, whichever of them the decision takes; a quarter are throttled.
        private static func outcomes(_ count: Int, like job: Job, at time: Timestamp) -> [Outcome] {
            job.providers.flatMap { provider in
                (0..<count).map { index in
                    let id = "\(provider)-\(index)-\(time.milliseconds)"
                    return Outcome(
                        jobID: id, notificationID: id, provider: provider, channel: job.channel, recipientCountry: job.recipientCountry,
                        templateType: job.templateType, status: index % 4 == 0 ? .throttled : .delivered, responseCode: 250,
                        latencyMilliseconds: 250, attemptedAt: time + -250, occurredAt: time)
                }
            }
        }

        /// The logged features of the decision on a job, by name.
        private func features(of job: TestJob, on line: Line) throws -> [String: Float] {
            let names = try ArtifactFolder(Herald.champion).load().schema.names
            let record = try #require(try line.database.decisions(notificationID: job.job.notificationID).first)
            #expect(record.decision.features.count == names.count)
            return Dictionary(uniqueKeysWithValues: zip(names, record.decision.features))
        }

        @Test("A scorer decides by the outcomes of the stream; the next one replays them, and goes on from what was saved")
        func learntAndKept() throws {
            try Line.run("health") { line in
                let settings = ["scoring.model=\(Herald.champion)"]
                let now = Timestamp.now
                let jobs = ["first", "second"].map { TestJob(0, id: $0, now: now) }
                let job = jobs[0].job

                // What an earlier scorer saved a day ago, of a time that the stream no longer holds.
                var saved = LiveHealth()
                for outcome in Self.outcomes(40, like: job, at: now + -86_400_000) { saved.observe(outcome) }
                saved.advance(to: now + -86_000_000)
                try line.database.save(saved.snapshot(), as: line.names.outcomesRecent)

                let first = try line.startScorer(settings: settings)
                let recent = Self.outcomes(20, like: job, at: now + -20_000)
                try line.withBroker { broker in
                    for outcome in recent {
                        try broker.publish(
                            OutgoingMessage(
                                exchange: line.names.outcomesExchange, routingKey: "", messageID: outcome.jobID,
                                contentType: "application/json", body: MessageBody(JobEncoder.json(outcome))))
                    }
                }
                try first.awaitStatus("live health counts the outcomes") { $0.counts.healthCounted == recent.count }
                try line.publish([jobs[0]])
                try line.awaitDecisions(1)
                try first.stopCleanly()

                let before = try features(of: jobs[0], on: line)
                // A day is 72 short half-lives and half a long one.
                #expect(abs(try #require(before["provider_outcomes_short"]) - 20) < 0.5)
                #expect(abs(try #require(before["provider_outcomes_long"]) - (20 + 40 * 0.707)) < 0.5)
                #expect(before["provider_success_rate_short"] == 0.75)
                #expect(before["provider_throttle_rate_short"] == 0.25)
                #expect(before["provider_latency_ms_short"] == 250)

                // The next scorer has the saved state of a day ago, and reads the recent outcomes again.
                let second = try line.startScorer(settings: settings)
                try second.awaitStatus("the outcomes are replayed") { $0.counts.healthCounted == recent.count }
                try line.publish([jobs[1]])
                try line.awaitDecisions(2)
                try second.stopCleanly()
                let after = try features(of: jobs[1], on: line)
                #expect(abs(try #require(after["provider_outcomes_short"]) - 20) < 0.5)
                #expect(abs(try #require(after["provider_outcomes_long"]) - (20 + 40 * 0.707)) < 0.5)
            }
        }
    }
}
