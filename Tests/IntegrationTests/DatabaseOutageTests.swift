import Broker
import Foundation
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// MongoDB goes and comes back under load.
    @Suite(.enabled(if: Servers.mayBeStopped, Comment(rawValue: Servers.areForeign))) struct DatabaseOutageTests {
        private static let prefetch = 500
        private static let settings = ["rabbitmq.prefetch=\(prefetch)"]

        @Test(
            "Decisions go on as far as the prefetch reaches, are logged when the database is back, and nothing is lost or done twice",
            arguments: ["stop-mongodb", "kill-mongodb"])
        func outage(_ command: String) throws {
            try Line.run(command) { line in
                let jobs = TestJob.mixed(6000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try line.publish(Array(jobs.prefix(2000)))
                try line.awaitDecisions(2000)
                try Servers.stack(command)
                try line.publish(Array(jobs.dropFirst(2000)))
                try awaitStandstill(of: scorer, on: line, published: 2000 + Self.prefetch)
                #expect(try line.depth(of: [line.names.jobs]) == 4000 - Self.prefetch, "back-pressure: the rest waits in the broker")
                try Servers.stack("start-mongodb")
                try line.awaitDecisions(jobs.count)
                try scorer.awaitStatus("the database is back") { $0.health.isDatabaseAvailable && $0.health.inFlight == 0 }
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("\(command) and start-mongodb under \(jobs.count) jobs: \(accounts)")
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("A connection that is lost during the outage does not make the scorer publish twice what waits for its log")
        func disconnectedDuringOutage() throws {
            try Line.run("database-reconnect") { line in
                let jobs = TestJob.mixed(300, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try Servers.stack("stop-mongodb")
                try line.publish(jobs)
                try awaitStandstill(of: scorer, on: line, published: jobs.count)
                for _ in 1...3 {
                    try Servers.rabbitmqctl("close_all_connections", "test")
                    try line.withBroker { broker in
                        try wait(for: "it consumes again") { try broker.depth(of: line.names.jobs).consumers == 1 }
                    }
                }
                // A message behind them all shows that those before it were delivered again.
                let last = TestJob.mixed(301, now: .now)[300]
                try line.publish([last])
                try line.awaitDepth(of: line.resultQueues, atLeast: jobs.count + 1)
                try Servers.stack("start-mongodb")
                try line.awaitDecisions(jobs.count + 1)
                try scorer.awaitStatus("all is acknowledged") { $0.health.isDatabaseAvailable && $0.health.inFlight == 0 }
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs + [last], confirmed: Set((jobs + [last]).map(\.job.jobID)))
                print("connection closed 3 times while MongoDB was away, \(jobs.count + 1) jobs: \(accounts)")
                #expect(accounts.duplicates == 0)
                #expect(try line.depth(of: [line.names.jobs]) == 0)
            }
        }

        @Test("A job is acknowledged only when its decision is durable: a scorer killed during the outage gives back all it had in flight")
        func killedDuringOutage() throws {
            try Line.run("database-kill") { line in
                let jobs = TestJob.mixed(4000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try line.publish(Array(jobs.prefix(1000)))
                try line.awaitDecisions(1000)
                try scorer.awaitStatus("all is acknowledged") { $0.health.inFlight == 0 }
                try Servers.stack("stop-mongodb")
                try line.publish(Array(jobs.dropFirst(1000)))
                try awaitStandstill(of: scorer, on: line, published: 1000 + Self.prefetch)
                try scorer.killHard()
                try line.withBroker { broker in
                    try wait(for: "every unlogged job is back in the queue") {
                        try broker.depth(of: line.names.jobs).messages == 3000
                    }
                }
                // A scorer that starts while the database is away waits for it.
                let next = try line.startScorer(settings: Self.settings, consuming: false)
                try Servers.stack("start-mongodb")
                try line.awaitDecisions(jobs.count)
                try next.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("scorer killed while MongoDB was away, \(jobs.count) jobs: \(accounts)")
                #expect(accounts.duplicates == Self.prefetch, "published before the kill, and again after it")
            }
        }

        @Test("SIGTERM during the outage: the scorer says what it could not finish and gives it back")
        func stoppedDuringOutage() throws {
            try Line.run("database-stop") { line in
                let jobs = TestJob.mixed(300, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try Servers.stack("stop-mongodb")
                try line.publish(jobs)
                try awaitStandstill(of: scorer, on: line, published: jobs.count)
                let began = ContinuousClock.now
                scorer.send(SIGTERM)
                #expect(scorer.awaitExit(within: .seconds(20)) == 3)
                #expect(ContinuousClock.now - began < .seconds(5))
                #expect(scorer.standardError.contains("300 messages could not be finished in time"))
                try line.awaitDepth(of: [line.names.jobs], atLeast: jobs.count)
                let next = try line.startScorer(settings: Self.settings, consuming: false)
                try Servers.stack("start-mongodb")
                try line.awaitDecisions(jobs.count)
                try next.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates == jobs.count)
            }
        }

        /// Waits until the scorer has published so many decisions in all and holds as many jobs as it may.
        private func awaitStandstill(of scorer: Child, on line: Line, published: Int) throws {
            try line.awaitDepth(of: line.resultQueues, atLeast: published)
            try scorer.awaitStatus("the database is away") { !$0.health.isDatabaseAvailable }
            #expect(try line.depth(of: line.resultQueues) == published)
        }
    }
}
