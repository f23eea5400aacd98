import Store
import Testing

@Suite struct DocumentWriterTests {
    @Test("Every kind of element is BSON that libbson reads back, also when the buffer has to grow and is used again")
    func elements() throws {
        var writer = DocumentWriter(capacity: 1)
        let long = String(repeating: "\u{1F680}", count: 5000)
        for round in 0..<3 {
            writer.begin()
            writer.string("text", "a\u{0}b\u{1F600}")
            writer.string("long", long)
            writer.double("double", -0.0)
            writer.int32("int32", .min)
            writer.int64("int64", .max)
            writer.date("date", -1)
            writer.null("null")
            let inner = writer.openDocument("document")
            writer.int32("round", Int32(round))
            writer.close(at: inner)
            let array = writer.openArray("array")
            for index in 0..<1001 { writer.element(index, int32: Int32(index)) }
            writer.close(at: array)
            writer.end()

            let document = writer.document
            #expect(document.isValid)
            #expect(document["text"] == .string("a\u{0}b\u{1F600}"))
            #expect(document["long"] == .string(long))
            #expect(document["double"] == .double(-0.0))
            #expect(document["int32"] == .int32(.min))
            #expect(document["int64"] == .int64(.max))
            #expect(document["date"] == .date(-1))
            #expect(document["null"] == .null)
            #expect(document["document"]?.document?["round"] == .int32(Int32(round)))
            #expect(document["array"]?.document?.keys == (0..<1001).map(String.init))
        }
    }

    @Test("The bytes are those that libbson writes for the same document")
    func sameBytes() throws {
        var writer = DocumentWriter()
        writer.begin()
        writer.string("a", "\u{e9}")
        let array = writer.openArray("b")
        writer.element(0, double: 0.5)
        writer.elementNull(1)
        writer.element(2, string: "")
        let inner = writer.openElementDocument(3)
        writer.null("c")
        writer.close(at: inner)
        writer.close(at: array)
        writer.end()
        #expect(try writer.document == Document(json: #"{"a": "\u00e9", "b": [0.5, null, "", {"c": null}]}"#, doing: "testing"))
    }

    @Test("Reading bytes that are cut or changed anywhere ends; it does not crash or go on for ever")
    func hostile() throws {
        let whole = try Document(json: #"{"a": "text", "b": [1, 2.5, null], "c": {"d": true}}"#, doing: "testing").bytes
        for length in 0..<whole.count { #expect(Document(bytes: Array(whole[..<length])).values.isEmpty) }
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << UInt8(bit)
                #expect(Document(bytes: bytes).values.count <= whole.count)
            }
        }
    }
}
