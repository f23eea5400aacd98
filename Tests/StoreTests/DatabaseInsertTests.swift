import Scoring
import Store
import Synchronization
import Testing

@Suite struct DatabaseInsertTests {
    @Test("A batch is stored once, however often it is sent")
    func again() throws {
        try withDatabase("insert_again") { database throws in
            let records = (0..<20).map { sampleRecord("job-\($0)") }
            #expect(try database.insert(records) == InsertReport(inserted: 20, duplicates: [], rejected: []))
            #expect(try database.insert(records) == InsertReport(inserted: 0, duplicates: Array(0..<20), rejected: []))
            let mixed = [records[3], sampleRecord("new"), records[4], sampleRecord("new")]
            #expect(try database.insert(mixed) == InsertReport(inserted: 1, duplicates: [0, 2, 3], rejected: []))
            #expect(try database.countStored((records + mixed).map(\.decision.id)) == 21)
        }
    }

    @Test("One bad record among good ones is rejected alone, with its index, code and reason")
    func mixed() throws {
        try withDatabase("insert_mixed") { database throws in
            var records = (0..<7).map { sampleRecord("job-\($0)") }
            // Refused by the server's validator.
            records[2].job.jobID = String(repeating: "x", count: 129)
            // Refused before it is sent.
            records[3].decision.actions[0].action.providerIndex = 9
            // Too large for any document.
            records[5].decision.provider = String(repeating: "p", count: 17_000_000)
            let report = try database.insert(records)
            #expect(report.inserted == 4)
            #expect(report.duplicates == [])
            #expect(report.rejected.map(\.index) == [2, 3, 5])
            #expect(report.rejected.map(\.code) == [121, 2, 10_334])
            #expect(report.rejected.allSatisfy { !$0.message.isEmpty })
            for index in [0, 1, 4, 6] {
                #expect(try database.decision(id: records[index].decision.id)?.job.jobID == "job-\(index)")
            }
            #expect(try database.insert([records[3]]).rejected.map(\.index) == [0])
        }
    }

    @Test("A document of exactly the server's limit is stored, one byte more is rejected")
    func limit() throws {
        try withDatabase("insert_limit") { database throws in
            var record = sampleRecord("job")
            var writer = DocumentWriter()
            record.decision.provider = ""
            try record.write(to: &writer)
            let room = 16_777_216 - writer.length
            record.decision.provider = String(repeating: "p", count: room + 1)
            #expect(try database.insert([record]).rejected.map(\.code) == [10_334])
            record.decision.provider = String(repeating: "p", count: room)
            #expect(try database.insert([record]).inserted == 1)
        }
    }

    @Test("A bulk that the driver must split keeps its indexes")
    func split() throws {
        try withDatabase("insert_split") { database throws in
            // 5000 times 10 kB is more than the 48 000 000 bytes of one message.
            let long = String(repeating: "p", count: 10_000)
            var records = (0..<5000).map { sampleRecord("job-\($0)", provider: long) }
            let before = [10, 4990].map { records[$0] }
            #expect(try database.insert(before).inserted == 2)
            records[20].job.jobID = ""
            records[4980].job.jobID = ""
            let report = try database.insert(records)
            #expect(report.inserted == 4996)
            #expect(report.duplicates == [10, 4990])
            #expect(report.rejected.map(\.index) == [20, 4980])
            #expect(try database.estimatedCount(of: .decisions) == 4998)
        }
    }

    @Test("5000 duplicates are all recognised, although the server then cuts its messages")
    func manyDuplicates() throws {
        try withDatabase("insert_duplicates") { database throws in
            let outcomes = (0..<5000).map { sampleOutcome("job-\($0)") }
            #expect(try database.insert(outcomes).inserted == 5000)
            #expect(try database.insert(outcomes).duplicates == Array(0..<5000))
        }
    }

    @Test("An outcome that comes twice collapses; different outcomes of one job all stay")
    func outcomes() throws {
        try withDatabase("insert_outcomes") { database throws in
            let timeout = sampleOutcome("job", .timeout)
            let late = sampleOutcome("job", .delivered, at: year2100 + 9000)
            let again = sampleOutcome("job", .delivered, at: year2100 + 9001)
            #expect(try database.insert([timeout, late, timeout]) == InsertReport(inserted: 2, duplicates: [2], rejected: []))
            #expect(try database.insert([late, again]) == InsertReport(inserted: 1, duplicates: [0], rejected: []))
            #expect(try database.outcomes(jobID: "job") == [timeout, late, again])
        }
    }

    @Test("An empty batch needs no server")
    func empty() throws {
        let database = try Database(url: StoreURL("mongodb://127.0.0.1:\(unusedPort())/?serverSelectionTimeoutMS=100"))
        #expect(try database.insert([DecisionRecord]()) == InsertReport(inserted: 0, duplicates: [], rejected: []))
        #expect(try database.insert([Outcome]()).count == 0)
    }

    @Test("Stored but not confirmed as asked is an error to try again, and then a duplicate")
    func notDurable() throws {
        // No replica set has 50 members that vote and store, so this can never be confirmed.
        try withDatabase("insert_concern", options: "w=50&wtimeoutMS=200") { database throws in
            let error = #expect(throws: StoreError.self) { try database.insert([sampleRecord("job")]) }
            #expect(error?.code == .notDurable)
            #expect(error?.isRetriable == true)
            let durable = try Database(url: testURL(database: database.url.databaseName))
            #expect(try durable.insert([sampleRecord("job")]).duplicates == [0])
        }
    }

    @Test("Eight threads share two connections; each record is new exactly once")
    func threads() throws {
        try withDatabase("insert_threads", options: "maxPoolSize=2") { database throws in
            let inserted = Mutex(0)
            let failures = Mutex<[String]>([])
            onThreads(8) { thread in
                do {
                    for round in 0..<10 {
                        // Each batch overlaps with those of two other threads.
                        let records = (0..<30).map { sampleRecord("job-\(round)-\((thread * 10 + $0) % 80)") }
                        let report = try database.insert(records)
                        inserted.withLock { $0 += report.inserted }
                        if report.count != 30 { failures.withLock { $0.append("\(report)") } }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(inserted.withLock { $0 } == 800)
            #expect(try database.estimatedCount(of: .decisions) == 800)
        }
    }
}
