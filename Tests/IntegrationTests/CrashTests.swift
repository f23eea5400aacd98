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

        @Test("A job that kills whoever decides on it goes to quarantine, and no other with it; the rest is decided")
        func poison() throws {
            try Line.run("poison") { line in
                let jobs = TestJob.mixed(3000, now: .now)
                let poison = jobs[1234].job.jobID
                try line.publish(jobs)
                let deadly = try line.command("score", "--progress", "json", environment: ["HERALD_CRASH_AT": "job:\(poison)"])
                var crashes = 0
                var scorer = try line.start(deadly)
                // What was in flight beside it is suspect too, and runs alone before it or after it.
                try wait(for: "the poison in quarantine", within: .seconds(180)) {
                    if let code = scorer.awaitExit(within: .milliseconds(50)) {
                        #expect(code == 128 + SIGKILL)
                        crashes += 1
                        guard crashes < 12 else { throw Failure("after \(crashes) crashes the poison is still tried") }
                        scorer = try line.start(deadly)
                    }
                    return try line.depth(of: [line.names.quarantine]) > 0
                }
                try line.awaitDecisions(jobs.count - 1)
                try scorer.stopCleanly()
                let results = try line.takeResults()
                let quarantined = results.inQueue(line.names.quarantine)
                print("poison: quarantined after \(crashes) crashes: \(quarantined.map { $0["detail"] ?? "" })")
                #expect(quarantined.map { $0["reason"] } == ["crash_poison"])
                #expect(quarantined.map(\.messageID) == [poison])
                #expect(results.byID.count == jobs.count)
            }
        }

        @Test(
            "Killed at each step of the settlement: no job is lost, and no more are decided twice than were in flight",
            arguments: ["take:3", "decode:3", "score:3", "publish:3", "log:3", "confirmed:5", "logged:3", "acknowledged:3"])
        func steps(_ place: String) throws {
            try Line.run("crash-\(place.prefix(6).filter(\.isLetter))") { line in
                let jobs = TestJob.mixed(3000, now: .now)
                try line.publish(jobs)
                let scorer = try line.start(line.command("score", "--progress", "json", environment: ["HERALD_CRASH_AT": place]))
                #expect(scorer.awaitExit(within: .seconds(30)) == 128 + SIGKILL)
                let next = try line.startScorer()
                try line.awaitDecisions(jobs.count)
                try next.stopCleanly()
                let accounts = try line.makeUpAccounts(of: jobs, confirmed: Set(jobs.map(\.job.jobID)))
                print("killed at \(place): \(accounts)")
                #expect(accounts.logged == jobs.count)
                #expect(accounts.duplicates <= Self.prefetch)
            }
        }

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
