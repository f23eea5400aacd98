import Scoring
import Store
import Testing

/// The log is walked in the order of time, whatever the order in which it was written.
@Suite struct DatabaseHistoryTests {
    private func time(_ offset: Int64) -> Timestamp { Timestamp(milliseconds: year2100 + offset) }

    @Test func decisionsComeInTheOrderOfTimeWithAndWithoutRows() throws {
        try withDatabase("history") { database in
            var records = (0..<2500).map { sampleRecord("job-\($0)", decidedAt: time(Int64($0 * 7919 % 2500))) }
            records[3].source = .shadow
            records[4].source = .api
            records[5].decision.model = "m2"
            _ = try database.insert(records)
            let times = try #require(try database.decisionTimes())
            #expect(times == time(0)...time(2499))

            var walk = try database.decisionCursor(times, withRows: true)
            var found: [DecisionRecord] = []
            while let next = try walk.next() { found.append(next.record) }
            let expected = records.filter { $0.source != .shadow }.sorted { $0.decision.decidedAt < $1.decision.decidedAt }
            #expect(found.map(\.decision.id) == expected.map(\.decision.id))
            #expect(found.map(\.bits) == expected.map(\.bits))

            var bare = try database.decisionCursor(time(10)...time(19), withRows: false)
            var heads: [DecisionRecord] = []
            while let next = try bare.next() { heads.append(next.record) }
            #expect(heads.map(\.decision.decidedAt) == (10..<20).map { time($0) })
            #expect(heads.allSatisfy { $0.decision.features.isEmpty && $0.decision.actions.isEmpty && $0.decision.chosen == nil })
            #expect(heads.allSatisfy { $0.job.providers == ["ses", "sendgrid"] && $0.decision.kind == .dispatch })

            var other = try database.decisionCursor(times, model: "m2", withRows: false)
            #expect(try other.next()?.record.job.jobID == "job-5")
            #expect(try other.next() == nil)
            #expect(try other.next() == nil, "the end stays the end")
        }
    }

    @Test func outcomesComeInTheOrderOfTimeAndByJob() throws {
        try withDatabase("history") { database in
            #expect(try database.decisionTimes() == nil)
            #expect(try database.lastOutcomeTime() == nil)
            let outcomes = [
                sampleOutcome("a", .timeout, at: year2100 + 30), sampleOutcome("b", .softBounce, at: year2100 + 20),
                sampleOutcome("a", .delivered, at: year2100 + 10), sampleOutcome("c", .delivered, at: year2100 + 40),
            ]
            _ = try database.insert(outcomes)
            var walk = try database.outcomeCursor(time(0)...time(30))
            var found: [String] = []
            while let next = try walk.next() { found.append(next.record.jobID) }
            #expect(found == ["a", "b", "a"])
            #expect(try database.outcomes(jobIDs: ["a", "c", "nobody"]).map(\.status) == [.delivered, .timeout, .delivered])
            #expect(try database.lastOutcomeTime() == time(40))
        }
    }

    /// A walk that is given up gives its connection back.
    @Test func walksThatAreNotFinishedHoldNoConnections() throws {
        try withDatabase("history", options: "maxPoolSize=2") { database in
            _ = try database.insert((0..<1500).map { sampleRecord("job-\($0)", decidedAt: time(Int64($0))) })
            for _ in 0..<5 {
                var walk = try database.decisionCursor(time(0)...time(2000), withRows: true)
                #expect(try walk.next() != nil)
            }
            #expect(try database.decisionTimes() != nil)
        }
    }
}
