import Broker
import Foundation
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// What `herald score` tells of itself over HTTP.
    @Suite struct ScorerMetricsTests {
        @Test("Read under load, counters never fall; at the end they are what was processed, and promtool finds nothing wrong")
        func counters() throws {
            try Line.run("metrics") { line in
                let port = try unusedPort()
                let model = try TrainedModel.shared()
                let scorer = try line.startScorer(settings: ["metrics.port=\(port)", "scoring.model=\(model.path)"])
                let jobs = TestJob.mixed(2700, now: .now)
                let readings = Readings(port: port)
                try readings.start()
                try line.publish(jobs)
                try line.withBroker { broker in
                    for index in 0..<5 {
                        try broker.publish(
                            OutgoingMessage(routingKey: line.names.jobs, messageID: "bad-\(index)", body: MessageBody(Array("{".utf8))))
                    }
                    for (index, status) in [DeliveryStatus.delivered, .delivered, .timeout].enumerated() {
                        try broker.publish(
                            OutgoingMessage(
                                exchange: line.names.outcomesExchange, routingKey: "", messageID: "o-\(index)",
                                body: MessageBody(JobEncoder.json(Self.outcome(of: jobs[index].job, status)))))
                    }
                }
                try line.awaitDecisions(jobs.count)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: 5)
                try wait(for: "all outcomes in the log") { try line.database.exactCount(of: .outcomes) >= 3 }
                try scorer.awaitStatus("nothing in flight") { $0.health.inFlight == 0 && $0.counts.outcomes == 3 }
                let under = try readings.stop()
                #expect(under.count >= 3, "the metrics were read while jobs were decided")
                for name in ["herald_decisions_total", "herald_stage_seconds_count", "process_cpu_seconds_total"] {
                    let values = under.map { $0.sum(name) }
                    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(name) never falls: \(values)")
                }

                let scrape = try Scrape(port: port)
                #expect(try scrape.defects(folder: line.folder) == "")
                #expect(scrape.sum("herald_decisions_total") == Double(jobs.count))
                for count in try line.database.counts(since: Timestamp(milliseconds: 0)).grouped {
                    let labels = ["action": count.kind.rawValue, "priority": count.priority.rawValue]
                    #expect(scrape.sum("herald_decisions_total", labels) == Double(count.count), "\(labels)")
                }
                for channel in Channel.allCases {
                    let expected = jobs.count { $0.job.channel == channel }
                    #expect(scrape.sum("herald_decisions_total", ["channel": channel.rawValue]) == Double(expected))
                }
                #expect(scrape.sum("herald_degraded_decisions_total") == 0)
                #expect(scrape.sum("herald_quarantined_total") == 5)
                #expect(scrape.sum("herald_quarantined_total", ["reason": "not_json"]) == 5)
                #expect(scrape.sum("herald_outcomes_total") == 3)
                #expect(scrape.sum("herald_outcomes_total", ["status": "delivered"]) == 2)
                #expect(scrape.sum("herald_decision_lag_seconds_count") == Double(jobs.count))
                #expect(scrape.sum("herald_batch_jobs_sum") == Double(jobs.count))
                let batches = scrape.sum("herald_batch_jobs_count")
                #expect(batches > 0)
                for stage in ["decode", "score", "publish", "confirm", "log", "ack"] {
                    // A batch of nothing but malformed messages has no jobs.
                    #expect(scrape.sum("herald_stage_seconds_count", ["stage": stage]) >= batches, "\(stage)")
                }
                #expect(scrape.sum("herald_broker_up") == 1)
                #expect(scrape.sum("herald_database_up") == 1)
                #expect(scrape.sum("herald_jobs_in_flight") == 0)
                #expect(scrape.sum("herald_log_queue_records") == 0)
                #expect(scrape.sum("herald_model_info", ["version": model.version]) == 1)
                #expect(scrape.sum("herald_build_info") == 1)
                #expect(scrape.sum("process_resident_memory_bytes") > 1_000_000)
                // Live health hears outcomes from the broker's stream; these occurred before what it had heard by then, or not.
                try wait(for: "outcomes in live health") {
                    let scrape = try Scrape(port: port)
                    return ["counted", "late"].reduce(0) { $0 + scrape.sum("herald_live_health_outcomes_total", ["result": $1]) } == 3
                }
                let later = try Scrape(port: port)
                #expect(later.sum("herald_route_breakers", ["state": "closed"]) >= 1)
                #expect(later.samples.filter { $0.name == "herald_route_breaker_state" }.reduce(0) { $0 + $1.value } >= 1)
                // A scraper that keeps its connection open does not hold up the end.
                try scorer.stopCleanly()
            }
        }

        @Test("OpenMetrics where it is asked for; health without a token; problems as documents")
        func forms() throws {
            try Line.run("metrics-forms") { line in
                let port = try unusedPort()
                let scorer = try line.startScorer(settings: ["metrics.port=\(port)"])
                func get(_ path: String, accept: String = "*/*") throws -> HTTPAnswer {
                    try HTTPAnswer("GET", path, port: port, headers: ["Accept": accept])
                }
                let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;q=0.75,text/plain;q=0.5"
                let open = try get("/metrics", accept: prometheus)
                #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
                #expect(open.text.hasSuffix("\n# EOF\n"))
                #expect(open.text.contains("\n# TYPE herald_decisions counter\n"))
                #expect(open.text.contains("\nherald_model_info{version=\"none\"} 1\n"))
                let browser = try get("/metrics", accept: "text/html,*/*;q=0.8")
                #expect(browser.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                #expect(try get("/health/live").status == 200)
                #expect(try get("/health/ready").status == 200)
                let missing = try get("/elsewhere")
                #expect(missing.status == 404 && missing.headers["content-type"] == "application/problem+json")
                try scorer.stopCleanly()
            }
        }

        @Test("A scorer that waits for its servers lives and is not ready; it stops at once")
        func notReady() throws {
            try Line.run("metrics-waiting", declared: false) { line in
                let port = try unusedPort()
                let scorer = try line.startScorer(settings: ["metrics.port=\(port)", "rabbitmq.url=amqp://127.0.0.1:1/"], consuming: false)
                try scorer.awaitOutput("/metrics")
                #expect(try HTTPAnswer("GET", "/health/live", port: port).status == 200)
                let ready = try HTTPAnswer("GET", "/health/ready", port: port)
                #expect(ready.status == 503 && ready.headers["content-type"] == "application/problem+json")
                #expect(ready.text.contains("broker"))
                #expect(try Scrape(port: port).sum("herald_build_info") == 1)
                try scorer.stopCleanly()
            }
        }

        @Test("A port in use is a warning that names its key, and the scorer works without")
        func portInUse() throws {
            try Line.run("metrics-port") { line in
                let port = try unusedPort()
                let first = try line.startScorer(settings: ["metrics.port=\(port)"])
                let second = try line.startScorer(settings: ["metrics.port=\(port)"], consuming: false)
                try second.awaitOutput("scoring with model")
                for word in ["metrics.port", "\(port)", "in use"] {
                    #expect(second.standardError.contains(word), "\(second.standardError)")
                }
                try second.stopCleanly()
                try first.stopCleanly()
            }
        }

        private static func outcome(of job: Job, _ status: DeliveryStatus) -> Outcome {
            // Longer ago than live health waits for what may still come.
            let now = Timestamp.now + -10_000
            return Outcome(
                jobID: job.jobID, notificationID: job.notificationID, provider: job.provider, channel: job.channel,
                recipientCountry: job.recipientCountry, templateType: job.templateType, status: status, responseCode: nil,
                latencyMilliseconds: 12, attemptedAt: now + -12, occurredAt: now)
        }

        /// Reads the metrics again and again, on a thread of its own.
        private final class Readings: Sendable {
            private struct State {
                var scrapes: [Scrape] = []
                var failure: (any Error)?
                var isStopped = false
                var hasEnded = false
            }

            private let port: Int
            private let state = Monitor(State())

            init(port: Int) {
                self.port = port
            }

            func start() throws {
                try DedicatedThread.detach(name: "test-scraper") { [self] in
                    while !state.withLock({ $0.isStopped || $0.failure != nil }) {
                        let scrape = Result { try Scrape(port: port) }
                        state.update { state in
                            switch scrape {
                            case .success(let scrape): state.scrapes.append(scrape)
                            case .failure(let error): state.failure = error
                            }
                        }
                        _ = state.wait(until: .now + .milliseconds(20)) { $0.isStopped ? true : nil }
                    }
                    state.update { $0.hasEnded = true }
                }
            }

            func stop() throws -> [Scrape] {
                state.update { $0.isStopped = true }
                _ = state.wait(until: .now + .seconds(15)) { $0.hasEnded ? true : nil }
                return try state.withLock { state in
                    if let failure = state.failure { throw failure }
                    return state.scrapes
                }
            }
        }
    }
}

extension [DecisionCount] {
    /// Summed over the reasons.
    fileprivate var grouped: [DecisionCount] {
        var groups: [DecisionCount] = []
        for count in self {
            if let index = groups.firstIndex(where: { $0.kind == count.kind && $0.priority == count.priority }) {
                groups[index].count += count.count
            } else {
                groups.append(count)
            }
        }
        return groups
    }
}
