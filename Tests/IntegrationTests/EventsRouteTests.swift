import Broker
import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    @Suite("Events over HTTP")
    struct EventsRouteTests {
        /// Decides jobs with a real scorer, so that their decisions are stored.
        private static func score(_ jobs: [TestJob], on line: Line) throws {
            let before = try line.database.exactCount(of: .decisions)
            let scorer = try line.startScorer()
            try line.publish(jobs)
            try line.awaitDecisions(before + jobs.count)
            try scorer.stopCleanly()
        }

        private static func jobs(_ range: Range<Int>, _ id: String = "job") -> [TestJob] { range.map { TestJob($0, id: id, now: .now) } }

        @Test("Decisions come as they are stored, each once, without recipients; one who comes back gets what was missed and no more")
        func decisions() throws {
            try Line.run("events") { line in
                try line.database.prepare()
                let observed = try ObservedLine(line)
                let first = try observed.follow("?kinds=decision")
                try wait(for: "the log is followed") { observed.hub.isFollowingLog }
                try Self.score(Self.jobs(0..<300), on: line)
                try first.await("300 decisions") { _ in first.events.count >= 300 }
                let seen = first.events
                #expect(seen.count == 300 && seen.allSatisfy { $0.name == "decision" })
                #expect(Set(seen.compactMap { $0["job_id"] }) == Set(Self.jobs(0..<300).map(\.job.jobID)))
                let positions = try seen.map { try #require($0.id) }
                #expect(positions == positions.sorted() && Set(positions).count == 300)
                #expect(!first.text.contains("someone-") && !first.text.contains("recipient_hash"))
                first.leave()

                // While nobody listens.
                try Self.score(Self.jobs(0..<100, "later"), on: line)
                let again = try observed.follow("?kinds=decision", after: positions[249])
                try again.await("the last 50 of before and 100 of since") { _ in again.events.count >= 150 }
                try Self.score(Self.jobs(0..<20, "live"), on: line)
                try again.await("the live ones too") { _ in again.events.count >= 170 }
                // Events come in the order of the log: behind the last one comes none of those before it.
                try Self.score(Self.jobs(0..<1, "last"), on: line)
                try again.await("the last one") { _ in again.events.contains { $0["job_id"] == "last-0" } }
                let resumed = again.events.dropLast()
                #expect(resumed.count == 170 && again.events.last?["job_id"] == "last-0", "none twice")
                #expect(resumed.prefix(50).compactMap(\.id) == Array(positions[250...]))
                #expect(resumed.compactMap(\.id) == resumed.compactMap(\.id).sorted())
                let ids = resumed.dropFirst(50).compactMap { $0["job_id"] }
                #expect(Set(ids) == Set((Self.jobs(0..<100, "later") + Self.jobs(0..<20, "live")).map(\.job.jobID)) && ids.count == 120)

                let lost = try observed.follow("?kinds=decision", after: "nonsense")
                try lost.await("says that it cannot resume") { _ in lost.events.contains { $0.name == "dropped" } }
                try observed.stop()
            }
        }

        @Test("Filters let through what they name; queues and health come at once")
        func filters() throws {
            try Line.run("events-filter") { line in
                try line.database.prepare()
                let observed = try ObservedLine(line)
                let email = try observed.follow("?kinds=decision&channel=email&action=dispatch")
                let queues = try observed.follow("?kinds=queues,health")
                try queues.await("queues and health") { _ in Set(queues.events.map(\.name)) == ["queues", "health"] }
                let health = try #require(queues.events.first { $0.name == "health" })
                #expect(health.data.contains(#""broker":true"#))
                try wait(for: "the log is followed") { observed.hub.isFollowingLog }
                try Self.score(TestJob.mixed(108, now: .now), on: line)
                let expected = Set(
                    TestJob.mixed(108, now: .now).enumerated().filter { index, job in
                        job.job.channel == .email && TestJob.state(of: index).expected == .dispatch
                    }.map { $0.element.job.jobID })
                try email.await("the dispatched emails") { _ in email.events.count >= expected.count }
                // Behind what comes last nothing of before can come.
                let last = try #require(Self.jobs(0..<3, "last").first { $0.job.channel == .email })
                try Self.score([last], on: line)
                try email.await("the last one") { _ in email.events.contains { $0["job_id"] == last.job.jobID } }
                let found = email.events.dropLast()
                #expect(Set(found.compactMap { $0["job_id"] }) == expected && found.count == expected.count)
                #expect(!queues.events.contains { $0.name == "decision" })
                for target in ["?kinds=all", "?kinds=", "?channel=pigeon", "?country=Germany", "?action=wait", "?outcome=lost", "?x=1"] {
                    #expect(try observed.request("GET", "/events" + target).status == 400, "\(target)")
                }
                try observed.stop()
            }
        }

        @Test("Two hundred decisions a second arrive, all of them, soon after they are stored")
        func rate() throws {
            try Line.run("events-rate") { line in
                try line.database.prepare()
                let observed = try ObservedLine(line)
                let clients = try (0..<4).map { _ in try observed.follow("?kinds=decision") }
                try wait(for: "the log is followed") { observed.hub.isFollowingLog }
                let scorer = try line.startScorer()
                let producer = try Producer(to: line.names.jobs, at: line.url)
                let began = MonotonicTime.now
                for second in 0..<10 {
                    producer.publish(Self.jobs(second * 200..<second * 200 + 200))
                    try wait(for: "the end of second \(second)") { .now >= began + .seconds(second + 1) }
                }
                try producer.finish(2000)
                for client in clients {
                    try client.await("2000 decisions", within: .seconds(15)) { _ in client.events.count >= 2000 }
                    #expect(client.events.count == 2000 && !client.events.contains { $0.name == "dropped" })
                }
                #expect(MonotonicTime.now - began < .seconds(20))
                try scorer.stopCleanly()
                try observed.stop()
            }
        }

        @Test("There is room for 64 clients; the next is told when to come again; a stop ends them all")
        func clients() throws {
            try Line.run("events-clients", ladder: ["1h"]) { line in
                try line.database.prepare()
                let observed = try ObservedLine(line)
                let clients = try (0..<64).map { _ in try observed.follow("?kinds=model") }
                let refused = try observed.request("GET", "/events")
                #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
                // Places come back when clients leave.
                for client in clients.prefix(10) { client.leave() }
                try wait(for: "ten places", within: .seconds(40)) { observed.hub.clientCount <= 54 }
                let late = try observed.follow("?kinds=model")
                // The others stay until the end.
                withExtendedLifetime(clients) {}
                try observed.stop()
                let answer = try late.answer(within: .seconds(5))
                #expect(answer.status == 200 && answer.headers["content-type"] == "text/event-stream; charset=utf-8")
                #expect(observed.hub.clientCount == 0)
            }
        }
    }
}
