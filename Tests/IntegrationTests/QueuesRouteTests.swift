import Broker
import Foundation
import Scoring
import Sidecar
import Streaming
import Testing

extension WholeLine {
    @Suite("Queue figures over HTTP")
    struct QueuesRouteTests {
        private static func queues(_ answer: [String: Any]) -> [String: [String: Any]] {
            let list = answer["queues"] as? [[String: Any]] ?? []
            return Dictionary(uniqueKeysWithValues: list.compactMap { queue in (queue["name"] as? String).map { ($0, queue) } })
        }

        @Test("Every queue is there with its kind, its depth and its consumers; what is not known is null")
        func depths() throws {
            try Line.run("queues-depth") { line in
                try line.publish((0..<123).map { TestJob($0, now: .now) })
                let observed = try ObservedLine(line)
                var answer: [String: Any] = [:]
                try wait(for: "the first figures: \(answer)") {
                    answer = try observed.get("/queues")
                    return (answer["degraded"] as? [String])?.isEmpty == true
                }
                let queues = Self.queues(answer)
                #expect(Set(queues.keys) == Set(line.topology.queues.map(\.name)))
                let jobs = try #require(queues[line.names.jobs])
                #expect(jobs["kind"] as? String == "jobs" && jobs["depth"] as? Int == 123 && jobs["consumers"] as? Int == 0)
                #expect(jobs["age_s"] is NSNull && jobs["publish_per_s"] is NSNull && answer["rates_from"] as? String == "samples")
                let retry = try #require(queues[line.names.retry("high", "1h")])
                #expect(retry["kind"] as? String == "retry" && retry["priority"] as? String == "high" && retry["delay"] as? String == "1h")
                #expect(retry["depth"] as? Int == 0)
                let totals = try #require(answer["totals"] as? [String: Any])
                #expect(totals["depth"] as? Int == 123 && totals["jobs"] as? Int == 123 && totals["quarantine"] as? Int == 0)
                let scorer = try line.startScorer()
                try wait(for: "the scorer shows as a consumer, and the jobs have gone on") {
                    let queues = Self.queues(try observed.get("/queues"))
                    let dispatched = QueueNames.priorities.compactMap { queues[line.names.dispatch($0)]?["depth"] as? Int }.reduce(0, +)
                    return queues[line.names.jobs]?["consumers"] as? Int == 1 && dispatched == 123
                }
                try wait(for: "the net rate of the job queue") {
                    let queues = Self.queues(try observed.get("/queues"))
                    return queues[line.names.jobs]?["net_per_s"] as? Double != nil
                }
                try scorer.stopCleanly()
                try observed.stop()
            }
        }

        @Test(
            "With the management plugin rates are what the broker counted, and the oldest message has an age",
            .enabled(if: Servers.mayBeStopped, "\(Servers.areForeign)"))
        func management() throws {
            let url = try #require(ProcessInfo.processInfo.environment["HERALD_RABBITMQ_MANAGEMENT_URL"])
            try Line.run("queues-rates") { line in
                let observed = try ObservedLine(line, management: url)
                try wait(for: "figures of the plugin") {
                    let answer = try observed.get("/queues")
                    let jobs = Self.queues(answer)[line.names.jobs]
                    return answer["rates_from"] as? String == "management" && jobs?["unacknowledged"] as? Int == 0
                }
                // A rate needs two samples: what comes now came behind those of an empty queue.
                try wait(for: "two samples of the empty queue") {
                    Self.queues(try observed.get("/queues"))[line.names.jobs]?["publish_per_s"] as? Double == 0
                }
                let began = MonotonicTime.now
                try line.publish((0..<200).map { TestJob($0, now: .now) })
                var jobs: [String: Any] = [:]
                try wait(for: "an age and a rate of the job queue: \(jobs)", within: .seconds(40)) {
                    jobs = Self.queues(try observed.get("/queues"))[line.names.jobs] ?? [:]
                    return jobs["age_s"] as? Double != nil && (jobs["publish_per_s"] as? Double ?? 0) > 0
                }
                let waited = Double((MonotonicTime.now - began) / .milliseconds(1)) / 1000
                let age = try #require(jobs["age_s"] as? Double)
                // The plugin's own figures are of the last five seconds, and asked for every five.
                #expect(abs(age - waited) <= 11, "\(age) s, and \(waited) s have passed")
                // All of them came within the window.
                let window = try #require(jobs["window_s"] as? Double)
                let rate = try #require(jobs["publish_per_s"] as? Double)
                #expect(abs(rate * window - 200) < 1, "\(rate) a second over \(window) s")
                // Acknowledged, they have no age any more.
                _ = try QueueContents(emptying: [line.names.jobs], at: line.url)
                try wait(for: "an empty queue has no oldest message", within: .seconds(40)) {
                    let jobs = Self.queues(try observed.get("/queues"))[line.names.jobs] ?? [:]
                    return jobs["age_s"] is NSNull && (jobs["ack_per_s"] as? Double ?? 0) > 0
                }
                try observed.stop()
            }
        }

        @Test(
            "A broker that is away is said, with the last figures; when it is back they go on",
            .enabled(if: Servers.mayBeStopped, "\(Servers.areForeign)"))
        func outage() throws {
            try Line.run("queues-outage") { line in
                try line.publish((0..<7).map { TestJob($0, now: .now) })
                let observed = try ObservedLine(line)
                func depth(_ answer: [String: Any]) -> Int? { Self.queues(answer)[line.names.jobs]?["depth"] as? Int }
                try wait(for: "figures") { depth(try observed.get("/queues")) == 7 }
                try Servers.stack("kill-broker")
                var answer: [String: Any] = [:]
                try wait(for: "the broker's absence is noticed") {
                    answer = try observed.get("/queues")
                    return (answer["degraded"] as? [String]) == ["broker"]
                }
                #expect(depth(answer) == 7 && answer["sampled_at"] as? String != nil)
                let look = try observed.request("GET", "/quarantine")
                #expect(look.status == 503 && look.headers["retry-after"] != nil)
                try Servers.stack("start")
                try wait(for: "figures again", within: .seconds(60)) {
                    (try observed.get("/queues")["degraded"] as? [String])?.isEmpty == true
                }
                try observed.stop()
            }
        }

        @Test("Routes and destinations of live health are told, bounded, with breaker, price and both memories")
        func routes() throws {
            try Line.run("queues-routes", ladder: ["1h"]) { line in
                let observed = try ObservedLine(line)
                let now = Timestamp.now
                let country = try #require(CountryCode("DE"))
                func outcome(_ index: Int, _ provider: String, _ status: DeliveryStatus) -> Outcome {
                    Outcome(
                        jobID: "j-\(provider)-\(index)", notificationID: "n-\(provider)-\(index)", provider: provider, channel: .email,
                        recipientCountry: country, templateType: .otp, status: status, responseCode: nil, latencyMilliseconds: 100,
                        attemptedAt: now + Int64(-60_000 + index * 10), occurredAt: now + Int64(-60_000 + index * 10))
                }
                observed.health.observe((0..<100).map { outcome($0, "good", .delivered) }, now: now)
                observed.health.observe((0..<100).map { outcome($0, "down", .timeout) }, now: now)
                let answer = try observed.get("/queues")
                let routes = try #require(answer["routes"] as? [[String: Any]])
                #expect(answer["routes_total"] as? Int == 4 && answer["destinations_total"] as? Int == 1)
                #expect(routes.map { $0["provider"] as? String } == ["down", "good", "down", "good"])
                #expect(routes.map { $0["country"] as? String } == [nil, nil, "DE", "DE"])
                let good = try #require(routes.first { $0["provider"] as? String == "good" })
                #expect(good["breaker"] as? String == "closed" && good["admitted_share"] as? Double == 1)
                #expect((good["short"] as? [String: Any])?["success_rate"] as? Double == 1)
                let down = try #require(routes.first { $0["provider"] as? String == "down" })
                #expect(["open", "half_open"].contains(down["breaker"] as? String), "\(down)")
                #expect((down["long"] as? [String: Any])?["success_rate"] as? Double == 0 && down["opened_at"] as? String != nil)
                #expect((try observed.get("/queues?routes=1")["routes"] as? [Any])?.count == 1)
                #expect(try observed.request("GET", "/queues?routes=1001").status == 400)
                try observed.stop()
            }
        }
    }
}
