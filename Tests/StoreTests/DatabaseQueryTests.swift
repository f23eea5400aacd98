import Scoring
import Store
import Testing

@Suite struct DatabaseQueryTests {
    @Test("Records come back from the server equal to the bit")
    func roundtrip() throws {
        try withDatabase("query_roundtrip") { database throws in
            var generator = SeededGenerator(state: 3)
            let records = (0..<200).map { _ in randomRecord(&generator) }
            #expect(try database.insert(records).inserted == 200)
            for record in records {
                let back = try #require(try database.decision(id: record.decision.id))
                #expect(back.bits == record.bits)
                #expect(back.withoutNaN == record.withoutNaN)
            }
            #expect(try database.decision(id: DecisionID(jobID: "never", previous: nil)) == nil)
        }
    }

    @Test("Ids of 128 bytes, NUL characters and 4-byte UTF-8 are found again")
    func texts() throws {
        try withDatabase("query_texts") { database throws in
            let ids = [
                String(repeating: "x", count: 128), String(repeating: "\u{1F680}", count: 32), "\u{0}", "a\u{0}b", "a", "$ne", "{}",
            ]
            #expect(try database.insert(ids.map { sampleRecord($0, notification: $0) }).inserted == ids.count)
            for id in ids {
                let found = try database.decisions(notificationID: id)
                #expect(found.map(\.job.jobID) == [id])
            }
            #expect(try database.countDecided(jobIDs: ids + ["missing"]) == ids.count)
        }
    }

    @Test("The decisions on a notification come oldest first")
    func notification() throws {
        try withDatabase("query_notification") { database throws in
            let times: [Int64] = [3, 1, 2]
            let records = times.map { sampleRecord("job-\($0)", decidedAt: Timestamp(milliseconds: year2100 + $0 * 1000)) }
            #expect(try database.insert(records + [sampleRecord("other", notification: "n2")]).inserted == 4)
            #expect(try database.decisions(notificationID: "n1").map(\.job.jobID) == ["job-1", "job-2", "job-3"])
            #expect(try database.decisions(notificationID: "n1", limit: 1).map(\.job.jobID) == ["job-1"])
            #expect(try database.decisions(notificationID: "n3").isEmpty)
        }
    }

    @Test("Counts tell actions, priorities and reasons apart and start where they are told to")
    func counts() throws {
        try withDatabase("query_counts") { database throws in
            let since = Timestamp(milliseconds: year2100)
            let records = [
                sampleRecord("a", kind: .dispatch, priority: .high, decidedAt: since),
                sampleRecord("b", kind: .dispatch, priority: .high, decidedAt: since + 1),
                sampleRecord("c", kind: .retry, priority: .low, decidedAt: since + 1),
                sampleRecord("d", kind: .retry, priority: .low, decidedAt: since + -1),
            ]
            #expect(try database.insert(records).inserted == 4)
            #expect(
                try database.counts(since: since) == [
                    DecisionCount(kind: .dispatch, priority: .high, reason: .bestUtility, count: 2),
                    DecisionCount(kind: .retry, priority: .low, reason: .bestUtility, count: 1),
                ])
            #expect(try database.counts(since: since + 2) == [])
        }
    }

    @Test("Lists of ids longer than one query are counted, each id once")
    func manyIDs() throws {
        try withDatabase("query_ids") { database throws in
            let records = (0..<2500).map { sampleRecord("job-\($0)") }
            #expect(try database.insert(records).inserted == 2500)
            let ids = records.map(\.decision.id)
            let others = (0..<10).map { DecisionID(jobID: "other-\($0)", previous: nil) }
            #expect(try database.countStored(ids + ids + others) == 2500)
            #expect(try database.countStored(others) == 0)
            #expect(try database.countStored([]) == 0)
        }
    }
}
