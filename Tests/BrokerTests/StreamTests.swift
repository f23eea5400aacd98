import Broker
import Faults
import Foundation
import Testing

/// Consumers of a stream against a real RabbitMQ.
@Suite(.serialized) struct StreamTests {
    private static func reader(
        _ url: BrokerURL, _ stream: String, _ position: StreamPosition, _ change: (inout ConsumerConfiguration) -> Void = { _ in }
    ) throws -> Consumer {
        try TestBroker.consumer(url, stream) {
            $0.stream = position
            change(&$0)
        }
    }

    private static func hasCaughtUp(_ consumer: Consumer) -> Bool {
        consumer.waitUntil(deadline: .now + .seconds(20)) { $0.hasCaughtUp }
    }

    @Test func replaysFromMinutesBackAndGoesOn() throws {
        try TestBroker.withStream("replay") { stream, url in
            try TestBroker.fill(stream, url, count: 5000)
            let consumer = try Self.reader(url, stream, .interval(.seconds(600)))
            var deliveries = consumer.takeAndAcknowledge(5000)
            #expect(Self.hasCaughtUp(consumer))
            try TestBroker.fill(stream, url, from: 5000, count: 500)
            deliveries += consumer.takeAndAcknowledge(500)
            #expect(deliveries.map(\.streamOffset) == (0..<5500).map { $0 })
            #expect(deliveries.map(\.messageID) == (0..<5500).map { "\($0)" })
            #expect(deliveries.allSatisfy { $0.body.count == 100 && !$0.redelivered && $0.defect == nil })
            #expect(consumer.state.streamOffset == 5499)
            consumer.close()
        }
    }

    @Test func leavesOutWhatIsOlderThanTheInterval() throws {
        try TestBroker.withStream("interval") { stream, url in
            try TestBroker.fill(stream, url, count: 1000)
            Thread.sleep(forTimeInterval: 3)  // the broker goes by its clock
            let none = try Self.reader(url, stream, .interval(.seconds(1)))
            #expect(Self.hasCaughtUp(none))
            #expect(none.state.handedOut == 0)
            try TestBroker.fill(stream, url, from: 1000, count: 10)
            let some = try Self.reader(url, stream, .interval(.seconds(4)))
            for consumer in [none, some] {
                #expect(consumer.takeAndAcknowledge(10).map(\.messageID) == (1000..<1010).map { "\($0)" })
                #expect(Self.hasCaughtUp(consumer))
                consumer.close()
            }
        }
    }

    @Test func readsFromTheFirstMessageAndFromTheNext() throws {
        try TestBroker.withStream("positions") { stream, url in
            try TestBroker.fill(stream, url, count: 1000)
            let first = try Self.reader(url, stream, .first)
            let next = try Self.reader(url, stream, .next)
            next.waitUntilConsuming()
            #expect(Self.hasCaughtUp(next))
            try TestBroker.fill(stream, url, from: 1000, count: 100)
            #expect(first.takeAndAcknowledge(1100).map(\.streamOffset) == (0..<1100).map { $0 })
            #expect(next.takeAndAcknowledge(100).map(\.streamOffset) == (1000..<1100).map { $0 })
            first.close()
            next.close()
        }
    }

    @Test func startsOnAnEmptyStream() throws {
        try TestBroker.withStream("empty") { stream, url in
            let consumers = try [StreamPosition.first, .interval(.seconds(600)), .next].map { try Self.reader(url, stream, $0) }
            for consumer in consumers { #expect(Self.hasCaughtUp(consumer)) }
            try TestBroker.fill(stream, url, count: 100)
            for consumer in consumers {
                #expect(consumer.takeAndAcknowledge(100).map(\.streamOffset) == (0..<100).map { $0 })
                consumer.close()
            }
        }
    }

    @Test func takesNothingAwayFromOtherReaders() throws {
        try TestBroker.withStream("two") { stream, url in
            try TestBroker.fill(stream, url, count: 3000)
            let (one, other) = (try Self.reader(url, stream, .first), try Self.reader(url, stream, .first))
            #expect(one.takeAndAcknowledge(3000).map(\.streamOffset) == (0..<3000).map { $0 })
            #expect(other.takeAndAcknowledge(3000).map(\.streamOffset) == (0..<3000).map { $0 })
            one.close()
            other.close()
            let late = try Self.reader(url, stream, .first)
            #expect(late.takeAndAcknowledge(3000).map(\.streamOffset) == (0..<3000).map { $0 })
            late.close()
        }
    }

    @Test func hasCaughtUpOnlyWhenTheReplayIsAcknowledged() throws {
        try TestBroker.withStream("present") { stream, url in
            try TestBroker.fill(stream, url, count: 1000)
            let consumer = try Self.reader(url, stream, .first)
            var tags: [DeliveryTag] = []
            consumer.take { batch in
                tags += batch.tags
                // More than there was at the start: traffic does not move the goal.
                if tags.count == batch.tags.count { #expect(throws: Never.self) { try TestBroker.fill(stream, url, count: 100) } }
                if tags.count < 900 { consumer.acknowledge(batch.tags) }
                return tags.count >= 1000
            }
            #expect(!consumer.waitUntil(deadline: .now + .milliseconds(300)) { $0.hasCaughtUp })
            consumer.acknowledge(tags)
            #expect(Self.hasCaughtUp(consumer))
            consumer.close()
        }
    }

    @Test func catchesUpUnderConstantTraffic() throws {
        try TestBroker.withStream("traffic") { stream, url in
            try TestBroker.fill(stream, url, count: 20_000)
            let publisher = try TestBroker.publisher(url)
            let body = MessageBody([UInt8](repeating: 0x2E, count: 100))
            let results = Results()
            func publish(_ count: Int) {
                publisher.publish((0..<count).map { _ in OutgoingMessage(routingKey: stream, body: body) }) { results.add($0, $1) }
            }
            publish(1000)
            let consumer = try Self.reader(url, stream, .interval(.seconds(600)))
            var taken = 0
            consumer.take { batch in
                taken += batch.deliveries.count
                consumer.acknowledge(batch.tags)
                if !consumer.state.hasCaughtUp { publish(batch.deliveries.count) }  // never silent
                return consumer.state.hasCaughtUp
            }
            #expect(taken >= 20_000)
            #expect(consumer.state.generation == 1)
            consumer.close()
            publisher.close()
        }
    }

    /// A publisher can send any header, but not set an offset.
    @Test func isNotMisledByForgedOffsets() throws {
        try TestBroker.withStream("forged") { stream, url in
            let raw = try RawPublisher(url)
            let forged = RawPublisher.number("x-stream-offset", 1 << 40)
            try raw.publish("forged", to: stream, headers: forged, messageID: "0")
            try raw.publish("as text", to: stream, headers: RawPublisher.text("x-stream-offset", bytes: 5), messageID: "1")
            try raw.publish("twice", to: stream, headers: forged + forged, messageID: "2")
            try raw.publish("twice", to: stream, headers: RawPublisher.text("x-stream-offset", bytes: 5) + forged, messageID: "3")
            try raw.publish("plain", to: stream, headers: [], messageID: "4")
            raw.close()
            let consumer = try Self.reader(url, stream, .first)
            let deliveries = consumer.takeAndAcknowledge(5)
            #expect(deliveries.map(\.messageID) == ["0", "1", "2", "3", "4"])
            #expect(deliveries.map(\.streamOffset) == [0, 1, 2, 3, 4])
            consumer.close()
        }
    }

    @Test func goesOnBehindTheLastMessageAfterALostConnection() throws {
        try TestBroker.withStream("cut") { stream, url in
            try TestBroker.fill(stream, url, count: 20_000)
            let proxy = try FaultProxy(targetPort: url.port)
            let consumer = try Self.reader(TestBroker.url(port: proxy.port), stream, .interval(.seconds(600))) {
                $0.batchSize = 77  // batches end in the middle of chunks
                $0.reconnectWait = (.milliseconds(2), .milliseconds(10))
            }
            var deliveries: [Delivery] = []
            var batches = 0
            var generator = SeededGenerator(seed: 7)
            consumer.take { batch in
                deliveries += batch.deliveries
                batches += 1
                if batches.isMultiple(of: 10), batches <= 200 {
                    proxy.cut()
                    // Others hit it while it connects, or looks for the end.
                    let wait = Double.random(in: 0...0.03, using: &generator)
                    Thread.detachNewThread {
                        Thread.sleep(forTimeInterval: wait)
                        proxy.cut()
                    }
                }
                consumer.acknowledge(batch.tags)
                return deliveries.count >= 20_000
            }
            #expect(consumer.state.generation >= 8)
            #expect(Self.hasCaughtUp(consumer))
            // What comes in while nobody is connected.
            proxy.setRefusing(true)
            try TestBroker.fill(stream, url, from: 20_000, count: 1000)
            proxy.setRefusing(false)
            deliveries += consumer.takeAndAcknowledge(1000)
            #expect(deliveries.map(\.streamOffset) == (0..<21_000).map { $0 })
            #expect(deliveries.map(\.messageID) == (0..<21_000).map { "\($0)" })
            consumer.close()
            proxy.close()
        }
    }

    @Test(arguments: [StreamPosition.next, .interval(.seconds(1))])
    func missesNothingWhileAwayBeforeItsFirstMessage(position: StreamPosition) throws {
        try TestBroker.withStream("away") { stream, url in
            try TestBroker.fill(stream, url, count: 300)
            Thread.sleep(forTimeInterval: 2)  // older than the interval
            let proxy = try FaultProxy(targetPort: url.port)
            let consumer = try Self.reader(TestBroker.url(port: proxy.port), stream, position)
            consumer.waitUntilConsuming()
            proxy.setRefusing(true)
            try TestBroker.fill(stream, url, from: 300, count: 50)
            Thread.sleep(forTimeInterval: 3)
            proxy.setRefusing(false)
            #expect(consumer.takeAndAcknowledge(50).map(\.streamOffset) == (300..<350).map { $0 })
            consumer.close()
            proxy.close()
        }
    }

    @Test func stopsAndCloses() throws {
        try TestBroker.withStream("stop") { stream, url in
            try TestBroker.fill(stream, url, count: 1000)
            let consumer = try Self.reader(url, stream, .first) { $0.batchSize = 10 }
            let batch = try #require(consumer.next())
            #expect(batch.deliveries.count == 10)
            consumer.stop()
            #expect(consumer.next() == nil)
            consumer.acknowledge(batch.tags)
            let started = MonotonicTime.now
            consumer.close()
            #expect(MonotonicTime.now - started < .seconds(3))
            #expect(consumer.state.phase == .closed)
            #expect(consumer.state.lastError == nil)
            #expect(consumer.state.handedOut == 10)
        }
    }

    /// While it looks for the end of an empty stream it waits for seconds.
    @Test func closesWhileItConnects() throws {
        try TestBroker.withStream("hasty") { stream, url in
            let consumer = try Self.reader(url, stream, .first)
            Thread.sleep(forTimeInterval: 0.5)
            let started = MonotonicTime.now
            consumer.close()
            #expect(MonotonicTime.now - started < .seconds(1))
            #expect(consumer.state.phase == .closed)
        }
    }

    @Test func waitsForAStreamAndReadsItAnewAfterItsDeletion() throws {
        let url = try TestBroker.url()
        let stream = TestBroker.uniqueName("late")
        let admin = try BrokerAdmin(url)
        let consumer = try Self.reader(url, stream, .next)
        #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { $0.lastError?.code == .notFound })
        try admin.declare(TestBroker.stream(stream))
        // The consumer was there before the stream, so all of it is next.
        try TestBroker.fill(stream, url, count: 200)
        #expect(consumer.takeAndAcknowledge(200).map(\.streamOffset) == (0..<200).map { $0 })
        try admin.delete(queue: stream)
        #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { !$0.isConsuming })
        try admin.declare(TestBroker.stream(stream))
        try TestBroker.fill(stream, url, from: 1000, count: 300)
        #expect(consumer.takeAndAcknowledge(300).map(\.messageID) == (1000..<1300).map { "\($0)" })
        #expect(consumer.state.streamOffset == 299)
        consumer.close()
        try TestBroker.remove(stream, url)
    }

    @Test func noticesThatTheStreamWasReplacedWhileItWasAway() throws {
        try TestBroker.withStream("replaced") { stream, url in
            try TestBroker.fill(stream, url, count: 200)
            let proxy = try FaultProxy(targetPort: url.port)
            let consumer = try Self.reader(TestBroker.url(port: proxy.port), stream, .interval(.seconds(600)))
            #expect(consumer.takeAndAcknowledge(200).count == 200)
            proxy.setRefusing(true)
            let admin = try BrokerAdmin(url)
            try admin.delete(queue: stream)
            try admin.declare(TestBroker.stream(stream))
            try TestBroker.fill(stream, url, from: 1000, count: 100)
            proxy.setRefusing(false)
            #expect(consumer.takeAndAcknowledge(100).map(\.messageID) == (1000..<1100).map { "\($0)" })
            consumer.close()
            proxy.close()
        }
    }

    @Test func refusesAQueue() throws {
        try TestBroker.withQueue("no-stream") { queue, url in
            try TestBroker.fill(queue, url, count: 1)
            let consumer = try Self.reader(url, queue, .first)
            #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { $0.lastError != nil })
            #expect(consumer.state.lastError?.code == .preconditionFailed)
            consumer.close()
            // It was refused before it took anything: no message has a delivery attempt more.
            let reader = try TestBroker.consumer(url, queue)
            #expect(reader.takeAndAcknowledge(1).map(\.redelivered) == [false])
            reader.close()
        }
    }

    /// The broker delivers whole chunks, whatever the prefetch; a rejection is credit too.
    @Test func readsOnWithASmallPrefetchAndRejections() throws {
        try TestBroker.withStream("small") { stream, url in
            try TestBroker.fill(stream, url, count: 2000, bodyBytes: 2000)
            let consumer = try Self.reader(url, stream, .first) {
                $0.prefetch = 10
                $0.batchSize = 7
                $0.batchBytes = 10_000
                $0.unsettledBytes = 10_000
            }
            var offsets: [Int64?] = []
            consumer.take { batch in
                offsets += batch.deliveries.map(\.streamOffset)
                consumer.reject(batch.tags, requeue: offsets.count.isMultiple(of: 2))
                return offsets.count == 2000
            }
            #expect(offsets == (0..<2000).map { $0 })
            #expect(consumer.state.generation == 1)
            consumer.close()
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(366 * 86_400)])
    func refusesAnIntervalOutOfRange(interval: Duration) throws {
        let error = #expect(throws: BrokerError.self) {
            try Self.reader(TestBroker.url(), "any", .interval(interval))
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func readsAHundredThousandMessagesInFlatMemory() throws {
        try TestBroker.withStream("many") { stream, url in
            let (count, bodyBytes) = (100_000, 1000)
            for first in stride(from: 0, to: count, by: 10_000) {
                try TestBroker.fill(stream, url, from: first, count: 10_000, bodyBytes: bodyBytes)
            }
            let consumer = try Self.reader(url, stream, .interval(.seconds(600)))
            var (taken, warm, most) = (0, 0, 0)
            consumer.take { batch in
                #expect(batch.deliveries.first?.messageID == "\(taken)")
                taken += batch.deliveries.count
                #expect(batch.deliveries.last?.messageID == "\(taken - 1)")
                consumer.acknowledge(batch.tags)
                if taken < count / 10 { warm = max(warm, residentBytes()) } else { most = max(most, residentBytes()) }
                return taken >= count
            }
            #expect(taken == count)
            #expect(Self.hasCaughtUp(consumer))
            // Other suites run beside this one; what a reader that keeps messages would hold stands out nevertheless.
            #expect(most - warm < count * bodyBytes / 3)
            consumer.close()
        }
    }

    private func residentBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
        return (pages.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
