import Broker
import Foundation
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// MongoDB goes, or hangs, and comes back under load.
    @Suite(.enabled(if: Servers.mayBeStopped, Comment(rawValue: Servers.areForeign))) struct DatabaseOutageTests {
        private static let prefetch = 500
        private static let settings = ["rabbitmq.prefetch=\(prefetch)"]

        @Test(
            "Decisions go on while the database is away or hangs, their records wait in the spool and are all there afterwards, once",
            arguments: ["stop-mongodb", "kill-mongodb", "SIGSTOP"])
        func outage(_ fault: String) throws {
            try Line.run(fault.lowercased()) { line in
                let jobs = TestJob.mixed(10_000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try line.publish(Array(jobs.prefix(2000)))
                try line.awaitDecisions(2000)
                try Self.withoutDatabase(fault) {
                    try line.publish(Array(jobs.dropFirst(2000)))
                    try line.awaitDepth(of: line.resultQueues, atLeast: jobs.count)
                    try scorer.awaitStatus("all is settled without the database") {
                        !$0.health.isDatabaseAvailable && $0.health.inFlight == 0
                    }
                    #expect(try line.depth(of: [line.names.jobs]) == 0)
                    // More messages than the drain takes at once, which do not count as lying there.
                    #expect(try line.depth(of: [line.names.logSpool]) > 0)
                }
                try line.awaitDecisions(jobs.count)
                try scorer.awaitStatus("the database is back") { $0.health.isDatabaseAvailable }
                try wait(for: "the spool to be empty") { try line.depth(of: [line.names.logSpool]) == 0 }
                try scorer.stopCleanly()
                #expect(try line.depth(of: [line.names.logSpool]) == 0, "nothing was unacknowledged in the spool either")
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("\(fault) and back under \(jobs.count) jobs: \(accounts)")
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("Connections that are lost during the outage make the scorer publish nothing twice")
        func disconnectedDuringOutage() throws {
            try Line.run("database-reconnect") { line in
                let jobs = TestJob.mixed(3000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try Self.withoutDatabase("stop-mongodb") {
                    for part in 0..<3 {
                        try line.publish(Array(jobs[part * 1000..<(part + 1) * 1000]))
                        try Servers.rabbitmqctl("close_all_connections", "test")
                    }
                    try line.awaitDepth(of: line.resultQueues, atLeast: jobs.count)
                    try scorer.awaitStatus("all is settled") { $0.health.inFlight == 0 }
                }
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("connections closed 3 times while MongoDB was away, \(jobs.count) jobs: \(accounts)")
                // A confirm that the broker had sent when the connection was cut is lost with it, and the message sent again.
                #expect(accounts.duplicates <= 3 * Self.prefetch)
                #expect(try line.depth(of: [line.names.jobs]) == 0)
            }
        }

        @Test("A scorer killed during the outage gives back what it had in flight; another one finishes it, and drains the spool")
        func killedDuringOutage() throws {
            try Line.run("database-kill") { line in
                let jobs = TestJob.mixed(4000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try line.publish(Array(jobs.prefix(1000)))
                try line.awaitDecisions(1000)
                try Self.withoutDatabase("stop-mongodb") {
                    try line.publish(Array(jobs.dropFirst(1000)))
                    try line.awaitDepth(of: line.resultQueues, atLeast: 2500)
                    try scorer.killHard()
                    // It starts while the database is away.
                    _ = try line.startScorer(settings: Self.settings, consuming: false)
                }
                try line.awaitDecisions(jobs.count)
                try wait(for: "the spool to be empty") { try line.depth(of: [line.names.logSpool]) == 0 }
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("scorer killed while MongoDB was away, \(jobs.count) jobs: \(accounts)")
                #expect(accounts.duplicates <= Self.prefetch, "published before the kill, and again after it")
            }
        }

        @Test("SIGTERM during the outage: everything in flight is finished by way of the spool")
        func stoppedDuringOutage() throws {
            try Line.run("database-stop") { line in
                let jobs = TestJob.mixed(3000, now: .now)
                let scorer = try line.startScorer(settings: Self.settings)
                try Self.withoutDatabase("stop-mongodb") {
                    try line.publish(jobs)
                    try line.awaitDepth(of: line.resultQueues, atLeast: 1500)
                    let began = ContinuousClock.now
                    try scorer.stopCleanly()
                    #expect(ContinuousClock.now - began < .seconds(5))
                    _ = try line.startScorer(settings: Self.settings, consuming: false)
                }
                try line.awaitDecisions(jobs.count)
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("What is no log record goes from the spool to quarantine, and a record that the database refuses too; the rest is stored")
        func hostileSpool() throws {
            try Line.run("spool-hostile") { line in
                try line.database.prepare()
                let good = try Document(json: #"{"_id": "o-1", "job_id": "j"}"#, doing: "spooling")
                let bodies: [(collection: String?, body: [UInt8])] = [
                    (nil, good.bytes), ("audit", good.bytes), ("outcomes", []), ("outcomes", [1, 2, 3]),
                    ("outcomes", [0xFF, 0xFF, 0xFF, 0x7F, 0]), ("outcomes", good.bytes + [9]), ("outcomes", good.bytes),
                ]
                try line.withBroker { broker in
                    for (index, spooled) in bodies.enumerated() {
                        var headers = MessageHeaders()
                        if let collection = spooled.collection { headers.set("x-herald-collection", collection) }
                        try broker.publish(
                            OutgoingMessage(
                                routingKey: line.names.logSpool, messageID: "spooled-\(index)", headers: headers,
                                body: MessageBody(spooled.body)))
                    }
                }
                let scorer = try line.startScorer(settings: Self.settings)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: bodies.count)
                try wait(for: "the spool to be empty") { try line.depth(of: [line.names.logSpool]) == 0 }
                try scorer.stopCleanly()
                let refused = try line.takeResults().inQueue(line.names.quarantine)
                let reasons = Dictionary(grouping: refused) { $0.headers["x-herald-reason"] ?? "none" }.mapValues(\.count)
                #expect(reasons == ["spool_malformed": 6, "log_refused": 1])
                #expect(refused.contains { String(decoding: $0.body, as: UTF8.self).contains("\"o-1\"") })
            }
        }

        /// Does something while MongoDB is away, or stands still.
        private static func withoutDatabase(_ fault: String, _ body: () throws -> Void) throws {
            guard fault == "SIGSTOP" else {
                try Servers.stack(fault)
                try body()
                return try Servers.stack("start-mongodb")
            }
            let process = try Servers.process("mongodb")
            kill(process, SIGSTOP)
            defer { kill(process, SIGCONT) }
            try body()
        }
    }
}
