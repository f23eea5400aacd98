import Broker
import Foundation
import Scoring
import Store
import Testing

extension WholeLine {
    /// A scorer that is killed loses nothing.
    @Suite struct CrashTests {
        /// HERALD_TEST_KILL_JOBS runs the same test with more jobs.
        private static let jobCount = ProcessInfo.processInfo.environment["HERALD_TEST_KILL_JOBS"].flatMap { Int($0) } ?? 20_000
        private static let kills = 3
        private static let prefetch = 1000

        @Test("Killed three times in mid-stream: no job is lost, and no more are decided twice than were in flight")
        func kills() throws {
            try Line.run("kill") { line in
                let jobs = TestJob.mixed(Self.jobCount, now: .now)
                let producer = try Producer(to: line.names.jobs, at: line.url)
                let limit = Duration.seconds(60 + Self.jobCount / 500)
                let began = ContinuousClock.now
                try producer.publishInBackground(jobs)
                let settings = ["rabbitmq.prefetch=\(Self.prefetch)", "log.level=warning"]
                for kill in 1...Self.kills {
                    let scorer = try line.startScorer(settings: settings)
                    // In the middle of the stream: while at least as many wait as are in flight.
                    try line.awaitDepth(of: line.resultQueues, atLeast: jobs.count * kill / (Self.kills + 2), within: limit)
                    try scorer.killHard()
                    #expect(try line.depth(of: line.resultQueues) < jobs.count, "kill \(kill) came after all was done")
                }
                let scorer = try line.startScorer(settings: settings)
                try producer.finish(jobs.count, within: limit)
                try line.awaitDecisions(jobs.count, within: limit)
                try scorer.stopCleanly()
                let duration = ContinuousClock.now - began

                let accounts = try line.makeUpAccounts(of: jobs, confirmed: producer.confirmed)
                print("SIGKILL, \(Self.kills) times in \(jobs.count) jobs: \(accounts); \(duration)")
                #expect(accounts.confirmed == jobs.count)
                #expect(accounts.logged == jobs.count)
                #expect(accounts.duplicates <= Self.kills * Self.prefetch)
            }
        }
    }
}
