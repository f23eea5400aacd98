import Broker
import Foundation
import Testing

@Suite("Browsing a queue")
struct QueueBrowserTests {
    /// The ids at the head of a queue, all given back.
    private func look(_ queue: String, _ url: BrokerURL, count: Int) throws -> [String] {
        try onThread {
            var browser = try QueueBrowser(url, queue: queue)
            var ids: [String] = []
            while ids.count < count, let message = try browser.next(until: .now + .seconds(10)) {
                ids.append(message.properties?.messageID ?? "?")
            }
            try browser.close()
            return ids
        }
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) throws -> Value {
        let result = Monitor(Result<Value, any Error>?.none)
        try DedicatedThread.detach(name: "test-browser") {
            let value = Result { try work() }
            result.update { $0 = value }
        }
        return try #require(result.wait(until: .now + .seconds(60)) { $0 }).get()
    }

    private func awaitDepth(_ count: Int, of queue: String, _ url: BrokerURL) throws {
        let admin = try BrokerAdmin(url)
        try wait(for: "\(count) messages in the queue") { try admin.depth(of: queue).messages == count }
        try admin.close()
    }

    @Test("Looks see the messages in their order and leave them in it, whole looks and partial ones")
    func order() throws {
        try TestBroker.withQueue("browse") { queue, url in
            try TestBroker.fill(queue, url, count: 300)
            let all = (0..<300).map { "\($0)" }
            for round in 0..<20 {
                let count = [300, 37, 1, 150][round % 4]
                #expect(try look(queue, url, count: count) == Array(all.prefix(count)), "look \(round)")
                try awaitDepth(300, of: queue, url)
            }
            // What comes later comes behind, also behind what was given back.
            try TestBroker.fill(queue, url, from: 300, count: 10)
            #expect(try look(queue, url, count: 1000) == (0..<310).map { "\($0)" })
        }
    }

    @Test("What is taken is gone; all else is back in order, also when the connection just ends")
    func taking() throws {
        try TestBroker.withQueue("browse-take") { queue, url in
            try TestBroker.fill(queue, url, count: 100)
            try onThread {
                var browser = try QueueBrowser(url, queue: queue)
                #expect(browser.depth == 100)
                while let message = try browser.next(until: .now + .seconds(10)) {
                    let id = try #require(message.properties?.messageID.flatMap { Int($0) })
                    if id % 10 == 3 { try browser.acknowledge(message) }
                }
                #expect(browser.seen == 100)
                try browser.close()
            }
            try awaitDepth(90, of: queue, url)
            let left = (0..<100).filter { $0 % 10 != 3 }.map { "\($0)" }
            #expect(try look(queue, url, count: 1000) == left)
            try awaitDepth(90, of: queue, url)
            try onThread {
                var browser = try QueueBrowser(url, queue: queue)
                for _ in 0..<50 { _ = try browser.next(until: .now + .seconds(10)) }
                // Let go without a word: the broker takes back what it had handed out.
            }
            try awaitDepth(90, of: queue, url)
            #expect(Set(try look(queue, url, count: 1000)) == Set(left))
        }
    }

    @Test("A message that is published again with the properties it had has them all, without the headers that are dropped")
    func republishing() throws {
        try TestBroker.withQueue("browse-properties") { queue, url in
            // content_type, content_encoding, headers, delivery_mode 1, correlation_id, message_id, timestamp, type, app_id.
            func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
            var headers = MessageHeaders()
            headers.set("keep", "this")
            headers.set("drop", "that")
            headers.set("number", Int64(7))
            let table = withUnsafeBytes(of: UInt32(headers.encoded.count).bigEndian) { Array($0) } + headers.encoded
            let values: [[UInt8]] = [
                short("application/json"), short("identity"), table, [1], short("correlation"), short("id-1"), [0, 0, 0, 0, 0, 0, 1, 0],
                short("kind"), short("app"),
            ]
            let flags: UInt16 = 1 << 15 | 1 << 14 | 1 << 13 | 1 << 12 | 1 << 10 | 1 << 7 | 1 << 6 | 1 << 5 | 1 << 3
            let encoded = [UInt8(flags >> 8), UInt8(flags & 0xFF)] + values.joined()
            let properties = try #require(MessageProperties(encoded: encoded))
            #expect(properties.messageID == "id-1" && properties.contentType == "application/json" && properties.timestamp == 256)
            var added = MessageHeaders()
            added.set("added", Int64(1))
            let again = try #require(properties.republished(droppingHeaders: { $0 == "drop" }, adding: added, user: "guest"))

            var admin = try BrokerAdmin(url)
            try admin.publish(OutgoingMessage(routingKey: queue, properties: again, body: MessageBody([1, 2, 3])))
            try admin.close()
            let found = try onThread {
                var browser = try QueueBrowser(url, queue: queue)
                let message = try #require(try browser.next(until: .now + .seconds(10)))
                try browser.close()
                return message
            }
            #expect(found.body.bytes == [1, 2, 3])
            let came = try #require(found.properties)
            #expect(came.headers.map(\.name) == ["keep", "number", "added"])
            #expect(came.headers["keep"]?.text == "this" && came.headers["number"]?.number == 7 && came.headers["added"]?.number == 1)
            // All others byte for byte, persistent now.
            let expected = try #require(again.republished(droppingHeaders: { _ in false }, adding: MessageHeaders(), user: "guest"))
            #expect(came.encoded == expected.encoded)
        }
    }

    @Test("Properties that are cut, too long or of unknown shape are refused, not read wrongly", arguments: 0..<200)
    func malformed(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var headers = MessageHeaders()
        for index in 0..<5 { headers.set("h\(index)", Int64.random(in: 0...9, using: &generator)) }
        let table = withUnsafeBytes(of: UInt32(headers.encoded.count).bigEndian) { Array($0) } + headers.encoded
        var encoded: [UInt8] = [0x20, 0x80] + table + [4] + Array("id-1".utf8)
        if seed % 2 == 0 {
            encoded.removeLast(Int.random(in: 1..<encoded.count, using: &generator))
            #expect(MessageProperties(encoded: encoded) == nil)
        } else {
            for _ in 0..<3 { encoded[Int.random(in: 0..<encoded.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
            // Whatever came of it: reading it ends, within its bytes.
            if let properties = MessageProperties(encoded: encoded) {
                #expect(properties.headers.reduce(0) { count, _ in count + 1 } <= encoded.count)
                _ = properties.messageID
                #expect(properties.headers.allSatisfy { $0.firstTable == nil || $0.number == nil })
            }
        }
    }
}
