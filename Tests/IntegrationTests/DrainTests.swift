import Broker
import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// A scorer that is asked to stop finishes what it has and does nothing twice.
    @Suite struct DrainTests {
        private static let rounds = 5

        @Test("SIGTERM under load, five times: exit code 0 within 5 s, nothing lost, nothing twice")
        func drain() throws {
            try Line.run("drain") { line in
                let jobs = TestJob.mixed(20_000, now: .now)
                let producer = try Producer(to: line.names.jobs, at: line.url)
                try producer.publishInBackground(jobs)
                var longest = Duration.zero
                for round in 1...Self.rounds {
                    let scorer = try line.startScorer()
                    let depth = try line.depth(of: line.resultQueues)
                    // From "as soon as it decides anything" on, a little later in each round.
                    try line.awaitDepth(of: line.resultQueues, atLeast: depth + 1 + (round - 1) * 300)
                    longest = max(longest, try scorer.stopCleanly())
                    let (decided, logged) = (
                        try line.depth(of: line.resultQueues), try line.database.exactCount(of: .decisions)
                    )
                    #expect(decided < jobs.count, "round \(round) was no stop under load")
                    #expect(decided == logged, "what is published is logged, and the other way round")
                }
                let scorer = try line.startScorer()
                try producer.finish(jobs.count)
                try line.awaitDecisions(jobs.count)
                try scorer.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: producer.confirmed)
                print("SIGTERM, \(Self.rounds) times in \(jobs.count) jobs: \(accounts); longest stop \(longest)")
                #expect(accounts.confirmed == jobs.count)
                #expect(accounts.duplicates == 0)
            }
        }

        @Test("SIGTERM while it waits for a server that is away: exit code 0, at once", arguments: ["rabbitmq.url", "mongodb.url"])
        func waiting(_ key: String) throws {
            try Line.run("waiting") { line in
                let nowhere = key == "rabbitmq.url" ? "amqp://127.0.0.1:1/" : "mongodb://127.0.0.1:1/?replicaSet=rs0"
                let scorer = try line.startScorer(settings: ["\(key)=\(nowhere)"], consuming: false)
                try scorer.awaitOutput("waiting for the")
                try scorer.stopCleanly()
            }
        }
    }
}
