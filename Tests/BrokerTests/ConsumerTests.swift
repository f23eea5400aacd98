import Broker
import Faults
import Foundation
import Testing

/// The consumer against a real RabbitMQ.
@Suite(.serialized) struct ConsumerTests {
    @Test func deliversTenThousandMessagesOnceAndInOrder() throws {
        try TestBroker.withQueue("happy") { queue, url in
            try TestBroker.fill(queue, url, count: 10_000)
            let consumer = try TestBroker.consumer(url, queue)
            let deliveries = consumer.takeAndAcknowledge(10_000)
            consumer.close()
            #expect(deliveries.map(\.messageID) == (0..<10_000).map { "\($0)" })
            #expect(deliveries.allSatisfy { $0.body.count == 100 && !$0.redelivered && $0.deliveryCount == 0 && $0.defect == nil })
            #expect(deliveries.first?.body.bytes == [UInt8](repeating: 0x2E, count: 100))
            // Closing has flushed the acknowledgements, or messages would be back.
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
        }
    }

    @Test func closesABatchAtItsSizeOrAfterItsWait() throws {
        try TestBroker.withQueue("batches") { queue, url in
            try TestBroker.fill(queue, url, count: 250)
            let consumer = try TestBroker.consumer(url, queue) {
                $0.batchSize = 100
                $0.batchWait = .milliseconds(300)
            }
            var sizes: [Int] = []
            consumer.take { batch in
                sizes.append(batch.deliveries.count)
                if sizes.count == 3 { #expect(MonotonicTime.now - batch.firstReceived >= .milliseconds(300)) }
                consumer.acknowledge(batch.tags)
                return sizes.reduce(0, +) == 250
            }
            #expect(sizes == [100, 100, 50])
            consumer.close()
        }
    }

    @Test func waitsByWhatIsInFlight() throws {
        try TestBroker.withQueue("waits") { queue, url in
            let consumer = try TestBroker.consumer(url, queue) {
                $0.batchSize = 100
                $0.batchWait = .seconds(2)
                $0.waitsByLoad = true
            }
            /// From the batch's first message to its handing out.
            func wait(for count: Int) throws -> Duration {
                try TestBroker.fill(queue, url, count: count)
                var waited = Duration.zero
                var taken = 0
                consumer.take { batch in
                    waited = MonotonicTime.now - batch.firstReceived
                    taken += batch.deliveries.count
                    return taken >= count
                }
                return waited
            }
            // One of 100: a twenty-fifth of the two seconds.
            #expect(try wait(for: 1) < .seconds(1))
            // With this batch a quarter of 100 is in flight, and nothing is settled.
            _ = try wait(for: 24)
            #expect(try wait(for: 1) >= .seconds(2))
            consumer.close()
        }
    }

    @Test func limitsABatchByBytes() throws {
        try TestBroker.withQueue("bytes") { queue, url in
            try TestBroker.fill(queue, url, count: 40, bodyBytes: 10_000)
            let consumer = try TestBroker.consumer(url, queue) {
                $0.batchBytes = 50_000
                $0.unsettledBytes = 120_000
                $0.batchWait = .seconds(1)
            }
            var total = 0
            consumer.take { batch in
                #expect(batch.deliveries.count <= 6)
                total += batch.deliveries.count
                consumer.acknowledge(batch.tags)
                return total == 40
            }
            consumer.close()
        }
    }

    @Test func keepsPropertiesAndHeaders() throws {
        try TestBroker.withQueue("headers") { queue, url in
            var headers = MessageHeaders()
            headers.set("x-text", "Zürich")
            headers.set("x-number", -7 as Int64)
            headers.set("x-real", 0.1)
            headers.set("x-unwanted", "no")
            var admin = try BrokerAdmin(url)
            try admin.publish(
                OutgoingMessage(
                    routingKey: queue, messageID: "m", contentType: "text/plain", headers: headers, body: MessageBody(Array("hi".utf8))))
            try admin.publish(OutgoingMessage(routingKey: queue, body: MessageBody([])))
            let consumer = try TestBroker.consumer(url, queue) { $0.headers = ["x-absent", "x-text", "x-number", "x-real"] }
            let deliveries = consumer.takeAndAcknowledge(2)
            let first = try #require(deliveries.first)
            #expect(first.messageID == "m")
            #expect(first.contentType == "text/plain")
            #expect(first.header("x-text") == "Zürich")
            #expect(first.header("x-number") == "-7")
            #expect(first.header("x-real") == "0.10000000000000001")
            #expect(first.header("x-absent") == nil)
            #expect(first.header("x-unwanted") == nil)
            #expect(first.body.bytes == Array("hi".utf8))
            #expect(deliveries.last?.messageID == nil)
            #expect(deliveries.last?.header("x-text") == nil)
            #expect(deliveries.last?.body.bytes == [])
            consumer.close()
        }
    }

    @Test func rejectsToTheQueueAndToTheDeadLetterTarget() throws {
        let url = try TestBroker.url()
        let (queue, target) = (TestBroker.uniqueName("reject"), TestBroker.uniqueName("dead"))
        let admin = try BrokerAdmin(url)
        try admin.declare(.quorum(target, deliveryLimit: 100))
        try admin.declare(.quorum(queue, deliveryLimit: 100, deadLetterTo: target))
        try TestBroker.fill(queue, url, count: 3)
        let consumer = try TestBroker.consumer(url, queue)
        var seen: [String: Int] = [:]
        consumer.take { batch in
            for delivery in batch.deliveries {
                let id = delivery.messageID ?? ""
                seen[id, default: 0] += 1
                #expect(delivery.deliveryCount == (seen[id] ?? 0) - 1)
                switch (id, seen[id]) {
                case ("1", 1): consumer.reject([delivery.tag], requeue: true)
                case ("2", _): consumer.reject([delivery.tag], requeue: false)
                default: consumer.acknowledge([delivery.tag])
                }
            }
            return seen == ["0": 1, "1": 2, "2": 1]
        }
        consumer.close()
        let deadLetters = try TestBroker.consumer(url, target)
        #expect(deadLetters.takeAndAcknowledge(1).map(\.messageID) == ["2"])
        deadLetters.close()
        #expect(try admin.depth(of: queue).messages == 0)
        try TestBroker.remove(queue, url)
        try TestBroker.remove(target, url)
    }

    @Test func stopGivesBackWhatWasNotHandedOut() throws {
        try TestBroker.withQueue("stop") { queue, url in
            try TestBroker.fill(queue, url, count: 1000)
            let consumer = try TestBroker.consumer(url, queue) { $0.batchSize = 10 }
            let batch = try #require(consumer.next())
            #expect(batch.deliveries.count == 10)
            consumer.stop()
            #expect(consumer.next() == nil)
            // What was handed out can be settled until close.
            consumer.acknowledge(batch.tags)
            consumer.close()
            #expect(consumer.state.phase == .closed)
            try expectDepth(990, of: queue, url)
        }
    }

    /// Behind a delivery that stays open, acknowledgements reach the broker one by one: more than it passes on at once.
    @Test(arguments: 1...10) func closeLosesNoAcknowledgement(round: Int) throws {
        try TestBroker.withQueue("drain") { queue, url in
            try TestBroker.fill(queue, url, count: 1000)
            let consumer = try TestBroker.consumer(url, queue)
            var tags: [DeliveryTag] = []
            consumer.take { batch in
                tags += batch.tags
                return tags.count >= 400
            }
            consumer.stop()
            consumer.acknowledge(Array(tags.dropFirst()))
            consumer.close()
            try expectDepth(1001 - tags.count, of: queue, url)
        }
    }

    /// What goes back to the queue is counted a moment after the channel is closed.
    private func expectDepth(_ messages: Int, of queue: String, _ url: BrokerURL) throws {
        let admin = try BrokerAdmin(url)
        try wait(for: "\(messages) messages in the queue") { try admin.depth(of: queue).messages >= messages }
        #expect(try admin.depth(of: queue).messages == messages)
    }

    @Test func startsBeforeItsQueueExistsAndSurvivesItsDeletion() throws {
        let url = try TestBroker.url()
        let queue = TestBroker.uniqueName("late")
        let admin = try BrokerAdmin(url)
        let consumer = try TestBroker.consumer(url, queue)
        #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { $0.lastError?.code == .notFound })
        try admin.declare(.quorum(queue, deliveryLimit: 100))
        consumer.waitUntilConsuming()
        try TestBroker.fill(queue, url, count: 1)
        #expect(consumer.takeAndAcknowledge(1).count == 1)
        try admin.delete(queue: queue)
        #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { !$0.isConsuming })
        try admin.declare(.quorum(queue, deliveryLimit: 100))
        try TestBroker.fill(queue, url, count: 2)
        #expect(consumer.takeAndAcknowledge(2).map(\.messageID) == ["0", "1"])
        #expect(consumer.state.generation >= 2)
        consumer.close()
        try TestBroker.remove(queue, url)
    }

    @Test func losesNothingWhenTheConnectionBreaks() throws {
        try TestBroker.withQueue("cut") { queue, url in
            try TestBroker.fill(queue, url, count: 5000)
            let proxy = try FaultProxy(targetPort: url.port)
            let consumer = try TestBroker.consumer(TestBroker.url(port: proxy.port), queue)
            var seen = Set<String>()
            var batches = 0
            consumer.take { batch in
                seen.formUnion(batch.deliveries.compactMap(\.messageID))
                batches += 1
                if batches.isMultiple(of: 5), batches <= 20 { proxy.cut() }
                consumer.acknowledge(batch.tags)
                return seen.count == 5000
            }
            #expect(consumer.state.generation >= 2)
            // The last acknowledgements may have met a cut: what came back must be taken as well.
            consumer.waitUntilConsuming()
            while try BrokerAdmin(url).depth(of: queue).messages > 0, let batch = consumer.next() { consumer.acknowledge(batch.tags) }
            consumer.close()
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
            proxy.close()
        }
    }

    @Test func staleAcknowledgementsSettleNothing() throws {
        try TestBroker.withQueue("stale") { queue, url in
            try TestBroker.fill(queue, url, count: 100)
            let proxy = try FaultProxy(targetPort: url.port)
            let consumer = try TestBroker.consumer(TestBroker.url(port: proxy.port), queue) { $0.batchSize = 100 }
            let first = try #require(consumer.next())
            proxy.cut()
            #expect(consumer.waitUntil(deadline: .now + .seconds(20)) { $0.generation == 2 })
            let second = try #require(consumer.next())
            // The same numbers, but of another connection: they must not touch what was delivered again.
            #expect(first.deliveries.first?.tag.tag == second.deliveries.first?.tag.tag)
            consumer.acknowledge(first.tags)
            #expect(consumer.state.staleSettlements == first.deliveries.count)
            consumer.close()
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 100)
            proxy.close()
        }
    }

    @Test func handsOutOversizedBodiesCutShort() throws {
        try TestBroker.withQueue("oversized") { queue, url in
            let sizes = [10, 3_000_000, 1_048_576, 1_048_577, 20]
            let publisher = try TestBroker.publisher(url) { $0.bodyLimit = 4_000_000 }
            let results = Results()
            let messages = sizes.map { size in
                OutgoingMessage(routingKey: queue, body: MessageBody((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
            }
            publisher.publish(messages) { results.add($0, $1) }
            #expect(results.wait(for: sizes.count))
            publisher.close()
            let consumer = try TestBroker.consumer(url, queue) { $0.oversizedPrefix = 5000 }
            let deliveries = consumer.takeAndAcknowledge(sizes.count)
            #expect(deliveries.map(\.body.count) == [10, 5000, 1_048_576, 5000, 20])
            #expect(deliveries.map(\.defect) == [nil, .oversized(bytes: 3_000_000), nil, .oversized(bytes: 1_048_577), nil])
            for (delivery, message) in zip(deliveries, messages) {
                #expect(delivery.body.bytes == Array(message.body.bytes.prefix(delivery.body.count)))
            }
            consumer.close()
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
        }
    }

    @Test func handsOutAloneWhatCameBackTwice() throws {
        try TestBroker.withQueue("suspects") { queue, url in
            try TestBroker.fill(queue, url, count: 10)
            for _ in 1...2 {
                let careless = try TestBroker.consumer(url, queue)
                var count = 0
                careless.take { batch in
                    count += batch.deliveries.count
                    careless.reject(batch.tags, requeue: true)
                    return count == 10
                }
                careless.close()
            }
            try TestBroker.fill(queue, url, count: 200)
            let consumer = try TestBroker.consumer(url, queue) { $0.suspectCount = 2 }
            var (suspects, others) = (0, 0)
            consumer.take { batch in
                if batch.deliveries.contains(where: { $0.deliveryCount >= 2 }) {
                    #expect(batch.deliveries.count == 1)
                    suspects += 1
                } else {
                    others += batch.deliveries.count
                }
                consumer.acknowledge(batch.tags)
                return suspects + others == 210
            }
            consumer.close()
            #expect(suspects == 10)
            #expect(consumer.state.generation == 1)
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
        }
    }

    @Test("A consumer that still takes one at a time closes at once, with nothing taken and with one", arguments: [0, 1])
    func closesWhileCareful(messages: Int) throws {
        try TestBroker.withQueue("careful") { queue, url in
            try TestBroker.fill(queue, url, count: messages)
            let consumer = try TestBroker.consumer(url, queue) { $0.suspectCount = 2 }
            consumer.waitUntilConsuming()
            if messages > 0 { _ = consumer.takeAndAcknowledge(messages) }
            let began = MonotonicTime.now
            consumer.close()
            #expect(MonotonicTime.now - began < .seconds(2))
            #expect(consumer.state.generation == 1)
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
        }
    }

    @Test func survivesHostileHeaders() throws {
        let url = try TestBroker.url()
        let (queue, target) = (TestBroker.uniqueName("hostile"), TestBroker.uniqueName("hostile-dead"))
        let admin = try BrokerAdmin(url)
        try admin.declare(.quorum(target, deliveryLimit: 100))
        try admin.declare(.quorum(queue, deliveryLimit: 100, deadLetterTo: target))
        let raw = try RawPublisher(url)
        try raw.publish(
            "empty key", to: queue, headers: RawPublisher.text("", bytes: 3) + RawPublisher.text("x-seen", bytes: 2), messageID: "0")
        try raw.publish("long", to: queue, headers: RawPublisher.text("x-long", bytes: 130_900), messageID: "1")
        try raw.publish("nested", to: queue, headers: RawPublisher.nested("x-deep", depth: 2000), messageID: "2")
        try raw.publish("very nested", to: queue, headers: RawPublisher.nested("x-deep", depth: 10_000), messageID: "3")
        try raw.publish("innocent", to: queue, headers: [], messageID: "4")
        raw.close()
        let consumer = try TestBroker.consumer(url, queue) { $0.headers = ["x-seen", "x-long", "x-deep"] }
        var deliveries: [String: Delivery] = [:]
        consumer.take { batch in
            for delivery in batch.deliveries {
                deliveries[delivery.messageID ?? ""] = delivery
                // The deepest one costs the broker a second each time it is parsed.
                if delivery.messageID == "3" {
                    consumer.acknowledge([delivery.tag])
                } else {
                    consumer.reject([delivery.tag], requeue: false)
                }
            }
            return deliveries.count == 5
        }
        consumer.close()
        #expect(deliveries.keys.sorted() == ["0", "1", "2", "3", "4"])
        #expect(deliveries["0"]?.header("x-seen") == "aa")
        #expect(deliveries["1"]?.header("x-long") == nil)
        #expect(deliveries["3"]?.header("x-deep") == nil)
        #expect(deliveries["4"]?.body.bytes == Array("innocent".utf8))
        #expect(consumer.state.generation == 1)

        // Dead-lettering has added x-death: the long header now exceeds the negotiated frame size.
        let second = try TestBroker.consumer(url, target)
        #expect(Set(second.takeAndAcknowledge(4).map(\.messageID)) == ["0", "1", "2", "4"])
        #expect(second.state.generation == 1)
        second.close()
        try TestBroker.remove(queue, url)
        try TestBroker.remove(target, url)
    }
}
