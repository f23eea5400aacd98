import Sidecar
import Testing

@Suite("Orders and cursors of the quarantine")
struct QuarantineOrderTests {
    private static let id = String(repeating: "ab", count: 16)

    @Test("Ids or all, with or without a reason")
    func valid() throws {
        let ids = try QuarantineOrder(["ids": .array([.string(Self.id)]), "reason": .string("not_json")])
        #expect(ids.ids == [Self.id] && !ids.isAll && ids.reason == "not_json")
        #expect(try QuarantineOrder(["all": .bool(true)]).isAll)
    }

    @Test(
        "Anything else names the field that is wrong",
        arguments: [
            ([:], "ids"), (["all": .bool(false)], "all"), (["all": .string("true")], "all"),
            (["all": .bool(true), "ids": .array([.string(id)])], "ids"), (["ids": .array([])], "ids"),
            (["ids": .array([.string("x")])], "ids"), (["ids": .array([.number(1)])], "ids"),
            (["ids": .array(Array(repeating: .string(id), count: 1001))], "ids"), (["ids": .string(id)], "ids"),
            (["all": .bool(true), "reason": .string("")], "reason"), (["all": .bool(true), "everything": .null], "everything"),
        ] as [([String: JSONValue], String)])
    func invalid(body: [String: JSONValue], field: String) {
        let problem = #expect(throws: Problem.self) { try QuarantineOrder(body) }
        #expect(problem?.kind == .invalidBody)
        #expect(problem?.field == field)
    }

    @Test("A cursor survives its text; others are none")
    func cursor() throws {
        let cursor = QuarantineCursor(place: 50, id: Self.id)
        #expect(QuarantineCursor(cursor.text) == cursor)
        for text in [
            "", "50", "50.x", "0.\(Self.id)", "2001.\(Self.id)", "-1.\(Self.id)", "5.\(Self.id).", "５.\(Self.id)",
            "5.\(Self.id.uppercased())",
        ] {
            #expect(QuarantineCursor(text) == nil, "\(text)")
        }
    }

    /// The page of a list behind a cursor; `nil` where the cursor's message is gone.
    private func page(_ ids: [String], size: Int, after cursor: QuarantineCursor?) -> (entries: [String], next: QuarantineCursor?)? {
        var page = QuarantinePage<String>(size: size, after: cursor)
        for id in ids where !page.isComplete { page.see(id) { id } }
        return page.isFound ? (page.entries, page.next(of: ids.count)) : nil
    }

    @Test("Pages of any size show every message once, in order")
    func pages() throws {
        let ids = (0..<100).map { "m\($0 / 2)" }
        for size in [1, 7, 50, 99, 100, 200] {
            var seen: [String] = []
            var cursor: QuarantineCursor?
            repeat {
                let found = try #require(page(ids, size: size, after: cursor))
                #expect(found.entries.count <= size)
                seen += found.entries
                cursor = found.next
            } while cursor != nil
            #expect(seen == ids, "in pages of \(size)")
        }
    }

    @Test("A list goes on behind the message shown last, also when others before it have left, and says so when it is gone itself")
    func next() {
        let cursor = QuarantineCursor(place: 3, id: "c")
        #expect(page(["a", "b", "c", "d", "e"], size: 5, after: cursor)?.entries == ["d", "e"])
        #expect(page(["b", "c", "d", "e"], size: 1, after: cursor)?.entries == ["d"])
        #expect(page(["c", "c", "c", "c", "d"], size: 5, after: cursor)?.entries == ["c", "d"], "alike: the one at its old place")
        #expect(page(["a", "b", "d"], size: 5, after: cursor) == nil)
        #expect(page([], size: 5, after: nil)?.entries == [])
    }
}
