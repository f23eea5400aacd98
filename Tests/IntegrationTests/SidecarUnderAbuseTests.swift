import Broker
import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// The sidecar abused in every way at once, beside a scorer at work.
    @Suite struct SidecarUnderAbuseTests {
        /// Jobs of a burst.
        private static let burst = 3000

        @Test("While the sidecar is abused in every way the scorer works on at its rate, each job is decided once, and health answers")
        func besideLoad() throws {
            FileDescriptors.raiseLimit()
            try Line.run("abuse", ladder: ["1h"]) { line in
                try line.database.prepare()
                let sidecar = try SidecarUnderTest(line)
                let scorer = try line.startScorer(settings: ["registry.store=disk", "scoring.model=\(Herald.champion)"])
                let producer = try Producer(to: line.names.jobs, at: line.url)
                var jobs: [TestJob] = []

                /// Publishes a burst and waits until each of its jobs is in a result queue.
                func work() throws -> Duration {
                    let more = TestJob.mixed(Self.burst, id: "burst-\(jobs.count)", now: .now)
                    jobs += more
                    let began = ContinuousClock.now
                    producer.publish(more)
                    try line.awaitDepth(of: line.resultQueues, atLeast: jobs.count)
                    return began.duration(to: .now)
                }

                _ = try work()
                let calm = try (0..<5).map { _ in try work() }.sorted()[2]

                let vitals = try Vitals(of: sidecar.child.processID, healthPort: sidecar.healthPort)
                let abuse = try Abuse(port: sidecar.port)
                for kind in Abuse.Kind.allCases where kind != .halfOpen { try abuse.await(kind) }
                try abuse.openHalf()
                var abused: [Duration] = []
                // The slow ones are cut off and come again; all half-open connections are opened again at least twice.
                let began = ContinuousClock.now
                while ContinuousClock.now - began < .seconds(30) || abuse.rounds[.halfOpen, default: 0] < 3 {
                    abused.append(try work())
                    // Half a second between bursts: thirty seconds at the full rate would be hundreds of thousands of jobs.
                    let looks = vitals.reading.answers.count
                    try wait(for: "more answers of health") { vitals.reading.answers.count >= looks + 10 }
                    #expect(scorer.isRunning && sidecar.child.isRunning)
                    try #require(ContinuousClock.now - began < .seconds(240), "\(abuse.rounds)")
                }
                try abuse.stop()
                let reading = try vitals.stop()

                // A scorer that is not in the abuse's way loses what it takes of two cores, not its rate.
                let median = abused.sorted()[abused.count / 2]
                #expect(median <= max(calm, .milliseconds(500)) * 10, "\(median) for a burst that takes \(calm) in peace")
                #expect(abused.count >= 5)
                #expect(reading.failures.isEmpty, "\(reading.failures.prefix(3))")
                #expect(reading.answers.count >= 100 && reading.answerTime <= .seconds(1), "p99 \(reading.answerTime)")
                // As many connections as it takes were really open.
                #expect(reading.peakFiles >= SidecarConfiguration().connections, "\(reading.peakFiles) files")
                #expect(reading.peakMemory <= 512 << 20, "\(reading.peakMemory >> 20) MiB")

                // Everybody gets in again.
                try wait(for: "a prediction after the abuse", within: .seconds(90)) {
                    (try? sidecar.post("/predict", TestJob(3, id: "after", now: .now).body).status) == 200
                }
                try producer.finish(jobs.count)
                try scorer.stopCleanly()
                try sidecar.child.stopCleanly()
                try expectDecidedOnce(jobs, producer.confirmed, on: line)
            }
        }

        /// Every job is in one result queue, once, and is one decision in the log.
        private func expectDecidedOnce(_ jobs: [TestJob], _ confirmed: Set<String>, on line: Line) throws {
            let results = try line.takeResults()
            #expect(results.messages.count == jobs.count && results.duplicateCount == 0)
            #expect(results.ids == confirmed && confirmed.count == jobs.count)
            #expect(results.inQueue(line.names.quarantine).isEmpty)
            #expect(try line.depth(of: [line.names.jobs]) == 0)
            let decisions = Set(results.messages.compactMap(\.decisionID))
            #expect(decisions.count == jobs.count)
            #expect(try line.database.countStored(decisions) == jobs.count)
            #expect(try line.database.countDecided(jobIDs: confirmed) == jobs.count)
        }
    }
}
