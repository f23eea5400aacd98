import Sidecar
import Testing

@Suite struct LogTailTests {
    @Test("Of a short log everything is kept")
    func short() {
        var tail = LogTail()
        tail.append("one\n".utf8)
        tail.append("two\n".utf8)
        #expect(tail.text == "one\ntwo\n")
        #expect(tail.lastWords == "one | two")
    }

    @Test("Of a long log the end is kept, from the beginning of a line, within the bound")
    func long() {
        var tail = LogTail()
        for number in 0..<100_000 { tail.append("line \(number)\n".utf8) }
        #expect(tail.text.utf8.count <= LogTail.limit)
        #expect(tail.text.utf8.count > LogTail.limit - 20)
        #expect(tail.text.hasPrefix("line "))
        #expect(tail.text.hasSuffix("line 99999\n"))
        #expect(tail.lastWords == "line 99997 | line 99998 | line 99999")
    }

    @Test("One endless line stays within the bound")
    func endless() {
        var tail = LogTail()
        for _ in 0..<1000 { tail.append(repeatElement(UInt8(ascii: "x"), count: 1000)) }
        #expect(tail.text.utf8.count == LogTail.limit)
        #expect(tail.lastWords.count == 500)
    }
}
