import NIOCore
import Sidecar
import Testing

@Suite("What waits for a reader")
struct EventBufferTests {
    @Test("The youngest are kept in order, and those that were lost are counted")
    func bounded() {
        var buffer = EventBuffer<Int>(capacity: 10)
        for number in 0..<1234 {
            buffer.append(number)
            #expect(buffer.count <= 10)
        }
        let (dropped, elements) = buffer.takeAll()
        #expect(dropped == 1224)
        #expect(elements == Array(1224..<1234))
        #expect(buffer.isEmpty)
        buffer.append(1)
        let again = buffer.takeAll()
        #expect(again.dropped == 0 && again.elements == [1])
    }

    @Test("Taken now and then, nothing is lost, doubled or out of order", arguments: [1, 2, 3, 7, 64])
    func interleaved(capacity: Int) {
        var buffer = EventBuffer<Int>(capacity: capacity)
        var seen: [Int] = []
        var lost = 0
        for number in 0..<1000 {
            buffer.append(number)
            guard number % 5 == 0 else { continue }
            let (dropped, elements) = buffer.takeAll()
            lost += dropped
            seen += elements
        }
        let (dropped, elements) = buffer.takeAll()
        seen += elements
        #expect(lost + dropped + seen.count == 1000)
        #expect(seen == seen.sorted() && Set(seen).count == seen.count)
        if capacity >= 5 { #expect(seen == Array(0..<1000)) }
    }

    @Test("What is taken out on purpose is not lost")
    func kept() {
        var buffer = EventBuffer<Int>(capacity: 5)
        for number in 0..<7 { buffer.append(number) }
        buffer.keep { $0 > 4 }
        let (dropped, elements) = buffer.takeAll()
        #expect(dropped == 2 && elements == [5, 6])
    }
}

@Suite("The format of the event stream")
struct ServerSentEventTests {
    @Test("A message has its name, its id where it has one, and its data on one line, and ends with an empty line")
    func frame() {
        #expect(
            String(buffer: ServerSentEvent.frame("decision", id: "82AB", data: Array(#"{"a":1}"#.utf8)))
                == "event: decision\nid: 82AB\ndata: {\"a\":1}\n\n")
        #expect(String(buffer: ServerSentEvent.frame("queues", id: nil, data: Array("{}".utf8))) == "event: queues\ndata: {}\n\n")
        #expect(String(buffer: ServerSentEvent.dropped(nil, reason: "r")) == "event: dropped\ndata: {\"count\":null,\"reason\":\"r\"}\n\n")
        #expect(String(buffer: ServerSentEvent.dropped(3, reason: "r")) == "event: dropped\ndata: {\"count\":3,\"reason\":\"r\"}\n\n")
    }

    @Test("What begins a stream and keeps it alive shows nothing to a client")
    func comments() {
        #expect(String(buffer: ServerSentEvent.heartbeat).hasPrefix(":") && String(buffer: ServerSentEvent.heartbeat).hasSuffix("\n\n"))
        #expect(!String(buffer: ServerSentEvent.beginning).contains("data:"))
    }
}
