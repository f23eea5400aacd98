import Store
import Testing

@Suite struct BulkReplyTests {
    private enum Fate: CaseIterable {
        case inserted
        case duplicate
        case oldDuplicate
        case invalid
        case tooLarge
        case otherIndex
    }

    private static func writeError(_ index: Int, _ code: Int, _ rest: String = "") -> String {
        "{\"index\": \(index), \"code\": \(code), \"errmsg\": \"no \(code)\"\(rest)}"
    }

    private static func reply(inserted: Int, _ writeErrors: [String], concerns: String = "") throws -> BulkReply {
        let list = writeErrors.joined(separator: ", ")
        return try BulkReply(
            Document(json: "{\"nInserted\": \(inserted), \"writeErrors\": [\(list)], \"writeConcernErrors\": [\(concerns)]}", doing: ""))
    }

    private static func error(_ index: Int, _ fate: Fate) -> String? {
        switch fate {
        case .inserted: nil
        case .duplicate: writeError(index, 11_000, ", \"keyPattern\": {\"_id\": 1}")
        case .oldDuplicate: "{\"index\": \(index), \"code\": 11000, \"errmsg\": \"E11000 collection: h.d index: _id_ dup key: { }\"}"
        case .invalid: writeError(index, 121)
        case .tooLarge: writeError(index, 10_334)
        case .otherIndex: writeError(index, 11_000, ", \"keyPattern\": {\"job_id\": 1}")
        }
    }

    @Test("Every index is in exactly one place, whatever became of it and in whatever order the server says so")
    func exact() throws {
        var generator = SeededGenerator(state: 1)
        for _ in 0..<500 {
            let fates = (0..<Int.random(in: 1...12, using: &generator)).map { _ in Fate.allCases.randomElement(using: &generator)! }
            let errors = fates.enumerated().compactMap { Self.error($0.offset, $0.element) }.shuffled(using: &generator)
            let report = try Self.reply(inserted: fates.count - errors.count, errors).report(on: fates.count, error: nil, doing: "testing")
            #expect(report.inserted == fates.count - errors.count)
            #expect(report.duplicates == fates.indices.filter { [.duplicate, .oldDuplicate].contains(fates[$0]) })
            #expect(report.rejected.map(\.index) == fates.indices.filter { [.invalid, .tooLarge, .otherIndex].contains(fates[$0]) })
            #expect(report.count == fates.count)
        }
    }

    @Test("A reply that leaves a document open throws a retriable error")
    func open() throws {
        let duplicate = Self.error(0, .duplicate) ?? ""
        let replies = [
            try Self.reply(inserted: 1, []),
            try Self.reply(inserted: 3, []),
            try Self.reply(inserted: 1, [Self.writeError(1, 91)]),
            try Self.reply(inserted: 1, [Self.writeError(1, 4711)]),
            try Self.reply(inserted: 1, [Self.writeError(2, 121)]),
            try Self.reply(inserted: 0, [duplicate, duplicate]),
            try Self.reply(inserted: 2, [], concerns: "{\"code\": 64, \"errmsg\": \"waiting timed out\"}"),
            try Self.reply(inserted: 1, [duplicate], concerns: "{\"code\": 100, \"errmsg\": \"not enough members\"}"),
            BulkReply(Document(bytes: [5, 0, 0, 0, 0])),
        ]
        for reply in replies {
            let error = #expect(throws: StoreError.self) { try reply.report(on: 2, error: nil, doing: "testing") }
            #expect(error?.isRetriable == true)
        }
    }

    @Test("A lost connection is named even where a duplicate of an earlier message covers it up")
    func hidden() throws {
        let reply = try Self.reply(inserted: 1, [Self.error(0, .duplicate) ?? ""])
        let lost = StoreError(code: .unavailable, doing: "", domain: 2, rawCode: 4, message: "socket error")
        let covering = StoreError(code: .failed, doing: "", domain: 11, rawCode: 11_000, message: "duplicate")
        #expect(throws: lost) { try reply.report(on: 3, error: lost, doing: "testing") }
        let error = #expect(throws: StoreError.self) { try reply.report(on: 3, error: covering, doing: "testing") }
        #expect(error?.code == .incomplete)
        // The same error with balanced books is only the duplicate.
        #expect(try reply.report(on: 2, error: covering, doing: "testing").duplicates == [0])
    }

    @Test("Missing rights stay what they are: trying again does not help")
    func refused() throws {
        let refused = StoreError(code: .refused, doing: "", domain: 17, rawCode: 13, message: "not authorized")
        let error = #expect(throws: StoreError.self) {
            try BulkReply(Document(bytes: [5, 0, 0, 0, 0])).report(on: 1, error: refused, doing: "testing")
        }
        #expect(error?.isRetriable == false)
    }
}
