import Broker
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// A queue that somebody deletes under a running scorer.
    @Suite struct DeletedQueueTests {
        @Test("A dispatch queue is declared again, and the decisions meant for it arrive")
        func dispatchQueue() throws {
            try Line.run("deleted-dispatch") { line in
                let jobs = (0..<120).map { TestJob($0, now: .now) }
                let scorer = try line.startScorer()
                try line.withBroker { broker in
                    for queue in line.dispatchQueues { try broker.delete(queue: queue) }
                }
                try line.publish(jobs)
                try wait(for: "the queues are there again") {
                    do {
                        return try line.depth(of: line.dispatchQueues) >= jobs.count
                    } catch let error as BrokerError where error.code == .notFound {
                        return false
                    }
                }
                try line.awaitDecisions(jobs.count)
                #expect(try line.withBroker { try $0.check(line.topology) } == [], "with the arguments they must have")
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("A job queue that was deleted is consumed again once it is declared again")
        func jobQueue() throws {
            try Line.run("deleted-jobs") { line in
                let jobs = (0..<200).map { TestJob($0, now: .now) }
                let scorer = try line.startScorer()
                try line.publish(Array(jobs.prefix(100)))
                try line.awaitDecisions(100)
                try scorer.awaitStatus("all is acknowledged") { $0.health.inFlight == 0 }
                try line.withBroker { broker in try broker.delete(queue: line.names.jobs) }
                try scorer.awaitStatus("it notices") { !$0.health.isConsuming }
                let declared = try line.command("topology", "declare").run()
                #expect(declared.exitCode == 0)
                try scorer.awaitStatus("it consumes again") { $0.health.isConsuming }
                try line.publish(Array(jobs.dropFirst(100)))
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                #expect(accounts.duplicates == 0)
            }
        }
    }
}
