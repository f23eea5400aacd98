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

    @Test("Anything else names the field that is wrong", arguments: [
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
        for text in ["", "50", "50.x", "0.\(Self.id)", "2001.\(Self.id)", "-1.\(Self.id)", "5.\(Self.id).", "５.\(Self.id)", "5.\(Self.id.uppercased())"] {
            #expect(QuarantineCursor(text) == nil, "\(text)")
        }
    }

    @Test("A list goes on behind the message shown last, also when others before it have left, and says so when it is gone itself")
    func next() {
        let cursor = QuarantineCursor(place: 3, id: "c")
        #expect(cursor.next(in: ["a", "b", "c", "d"]) == 3)
        #expect(cursor.next(in: ["b", "c", "d"]) == 2)
        #expect(cursor.next(in: ["c", "c", "c", "c", "d"]) == 3, "alike: the one at its old place")
        #expect(cursor.next(in: ["a", "b", "d"]) == nil)
    }
}
