import Broker
import Foundation
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// The broker goes and comes back under a running scorer and running traffic.
    @Suite(.enabled(if: Servers.mayBeStopped, Comment(rawValue: Servers.areForeign))) struct BrokerOutageTests {
        private static let prefetch = 1000

        enum Outage: String, CaseIterable, Sendable {
            case stopped
            case killed

            var command: String { self == .stopped ? "stop-broker" : "kill-broker" }
        }

        @Test("The scorer comes back by itself, and nothing is lost", arguments: Outage.allCases)
        func outage(_ outage: Outage) throws {
            try Line.run("broker-\(outage.rawValue)") { line in
                let jobs = TestJob.mixed(30_000, now: .now)
                let producer = try Producer(to: line.names.jobs, at: line.url)
                let scorer = try line.startScorer(settings: ["rabbitmq.prefetch=\(Self.prefetch)"])
                // The last third is published while the broker is away and as it comes back.
                let isDown = Monitor(false)
                try producer.publishInBackground(jobs) { published in
                    if published >= 20_000 { _ = isDown.wait(until: .now + .seconds(60)) { $0 ? true : nil } }
                }
                try line.awaitDepth(of: line.resultQueues, atLeast: 1000)
                try Servers.stack(outage.command)
                isDown.update { $0 = true }
                #expect(try line.database.exactCount(of: .decisions) < producer.confirmed.count, "in mid-stream")
                try scorer.awaitStatus("it notices") { !$0.health.isConsuming }
                try Servers.stack("start-broker")
                let back = ContinuousClock.now
                try scorer.awaitStatus("it consumes again") { $0.health.isConsuming }
                let recovery = ContinuousClock.now - back
                try producer.finish(jobs.count)
                try line.awaitDecisions(jobs.count)
                #expect(scorer.isRunning)
                try scorer.stopCleanly()

                let accounts = try line.makeUpAccounts(of: jobs, confirmed: producer.confirmed)
                print("broker \(outage.rawValue) under \(jobs.count) jobs: \(accounts); consumed again within \(recovery)")
                #expect(accounts.confirmed == jobs.count)
                // What was in flight in the scorer, and in the producer, which publishes again what was not confirmed.
                #expect(accounts.duplicates <= Self.prefetch + 1024)
            }
        }

        @Test("While the broker blocks publishers for want of memory the scorer waits, and then goes on without doing anything twice")
        func blocked() throws {
            try Line.run("blocked") { line in
                let jobs = TestJob.mixed(5000, now: .now)
                try line.publish(jobs)
                try Servers.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1MB")
                defer { Servers.report { try Servers.rabbitmqctl("set_vm_memory_high_watermark", "0.4") } }
                let scorer = try line.startScorer(settings: ["rabbitmq.prefetch=\(Self.prefetch)"])
                try scorer.awaitStatus("it holds all it may") { $0.health.inFlight == Self.prefetch }
                #expect(try line.depth(of: [line.names.jobs]) == jobs.count - Self.prefetch, "back-pressure: the rest waits in the broker")
                try Servers.rabbitmqctl("set_vm_memory_high_watermark", "0.4")
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("SIGTERM while it starts against a broker that accepts and says nothing: exit code 0 within 5 s")
        func silentAtStart() throws {
            try Line.run("silent-start") { line in
                let broker = try Servers.process("rabbitmq")
                kill(broker, SIGSTOP)
                defer { kill(broker, SIGCONT) }
                let scorer = try line.startScorer(consuming: false)
                // It traps the signal before it says anything.
                try scorer.awaitOutput("connecting to the broker")
                let began = ContinuousClock.now
                scorer.send(SIGTERM)
                #expect(scorer.awaitExit(within: .seconds(20)) == 0)
                #expect(ContinuousClock.now - began < .seconds(5))
            }
        }

        @Test("SIGTERM while the broker says nothing any more: the scorer ends within 5 s all the same, and nothing is lost")
        func silent() throws {
            try Line.run("silent") { line in
                let jobs = TestJob.mixed(20_000, now: .now)
                try line.publish(jobs)
                let scorer = try line.startScorer(settings: ["rabbitmq.prefetch=\(Self.prefetch)"])
                try line.awaitDepth(of: line.resultQueues, atLeast: 1000)
                let broker = try Servers.process("rabbitmq")
                kill(broker, SIGSTOP)
                defer { kill(broker, SIGCONT) }
                let began = ContinuousClock.now
                scorer.send(SIGTERM)
                #expect(scorer.awaitExit(within: .seconds(20)) == 3)
                #expect(ContinuousClock.now - began < .seconds(5))
                #expect(scorer.standardError.contains(" in time"))
                kill(broker, SIGCONT)
                let next = try line.startScorer()
                try line.awaitDecisions(jobs.count)
                try next.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates <= Self.prefetch)
            }
        }
    }
}
