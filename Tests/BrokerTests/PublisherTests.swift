import Broker
import Faults
import Foundation
import Testing

/// The publisher against a real RabbitMQ.
@Suite(.serialized) struct PublisherTests {
    private let body = MessageBody(Array("{}".utf8))

    @Test func reportsUnroutableMessagesAndConfirmsTheirNeighbours() throws {
        try TestBroker.withQueue("mandatory") { queue, url in
            let publisher = try TestBroker.publisher(url)
            let results = Results()
            let nowhere = TestBroker.uniqueName("nowhere")
            let messages = (0..<300).map { index in
                OutgoingMessage(routingKey: index.isMultiple(of: 3) ? nowhere : queue, messageID: "\(index)", body: body)
            }
            publisher.publish(messages) { results.add($0, $1) }
            #expect(results.wait(for: 300))
            for index in 0..<300 {
                #expect(results[index] == [index.isMultiple(of: 3) ? .returned(code: 312, text: "NO_ROUTE") : .confirmed])
            }
            #expect(publisher.state.returned == 100)
            publisher.close()
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 200)
        }
    }

    @Test func reportsWhatAMQPCannotCarry() throws {
        try TestBroker.withQueue("invalid") { queue, url in
            let publisher = try TestBroker.publisher(url) { $0.bodyLimit = 100 }
            let results = Results()
            var headers = MessageHeaders()
            headers.set("x", String(repeating: "a", count: 17_000))
            let messages = [
                OutgoingMessage(routingKey: String(repeating: "k", count: 256), body: body),
                OutgoingMessage(routingKey: queue, messageID: String(repeating: "i", count: 256), body: body),
                OutgoingMessage(routingKey: queue, headers: headers, body: body),
                OutgoingMessage(routingKey: queue, body: MessageBody([UInt8](repeating: 0, count: 101))),
                OutgoingMessage(routingKey: queue, body: body),
            ]
            publisher.publish(messages) { results.add($0, $1) }
            #expect(results.wait(for: 5))
            for index in 0..<4 {
                guard case .invalid(let error) = results[index].first else {
                    Issue.record("message \(index): \(results[index])")
                    continue
                }
                #expect(error.code == .invalidArgument)
            }
            #expect(results[4] == [.confirmed])
            #expect(publisher.state.generation == 1)
            publisher.close()
        }
    }

    @Test func sendsRefusedMessagesAgain() throws {
        try TestBroker.withQueue("full", bytesLimit: 2000) { queue, url in
            // Messages that are under way before the queue says that it is full are still taken: fill it first.
            try TestBroker.fill(queue, url, count: 100)
            let publisher = try TestBroker.publisher(url) { $0.refusalWait = (.milliseconds(20), .milliseconds(100)) }
            let results = Results()
            let messages = (100..<300).map { OutgoingMessage(routingKey: queue, messageID: "\($0)", body: body) }
            publisher.publish(messages) { results.add($0, $1) }
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.refusals > 0 })
            #expect(publisher.state.pending > 0)
            let consumer = try TestBroker.consumer(url, queue)
            var seen = Set<String>()
            consumer.take { batch in
                seen.formUnion(batch.deliveries.compactMap(\.messageID))
                consumer.acknowledge(batch.tags)
                return seen.count == 300
            }
            #expect(results.wait(for: 200))
            #expect(results.confirmed == 200)
            publisher.close()
            consumer.close()
        }
    }

    @Test func publishesAgainWhatALostConnectionLeftUnconfirmed() throws {
        try TestBroker.withQueue("republish") { queue, url in
            let proxy = try FaultProxy(targetPort: url.port)
            let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port))
            let results = Results()
            let total = 20_000
            for start in stride(from: 0, to: total, by: 500) {
                let messages = (start..<start + 500).map { OutgoingMessage(routingKey: queue, messageID: "\($0)", body: body) }
                publisher.publish(messages) { results.add($0, $1, from: start) }
                if start.isMultiple(of: 4000) {
                    #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.phase == .publishing && $0.pending > 0 })
                    proxy.cut()
                }
            }
            #expect(results.wait(for: total))
            #expect(results.confirmed == total)
            let state = publisher.state
            #expect(state.generation >= 3)
            #expect(state.republished > 0)
            publisher.close()

            let consumer = try TestBroker.consumer(url, queue)
            var seen = Set<String>()
            consumer.take { batch in
                seen.formUnion(batch.deliveries.compactMap(\.messageID))
                consumer.acknowledge(batch.tags)
                return seen.count == total
            }
            consumer.close()
            proxy.close()
        }
    }

    @Test func leavesAConnectionThatDoesNotConfirm() throws {
        try TestBroker.withQueue("half-open") { queue, url in
            let proxy = try FaultProxy(targetPort: url.port)
            let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port)) { $0.confirmTimeout = .seconds(1) }
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.phase == .publishing })
            proxy.setMuted(true)
            let results = Results()
            publisher.publish((0..<10).map { _ in OutgoingMessage(routingKey: queue, body: body) }) { results.add($0, $1) }
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.lastError?.code == .timeout })
            proxy.setMuted(false)
            #expect(results.wait(for: 10))
            #expect(results.confirmed == 10)
            #expect(publisher.state.republished == 10)
            publisher.close()
            proxy.close()
        }
    }

    @Test func waitsForABrokerThatIsAway() throws {
        try TestBroker.withQueue("away") { queue, url in
            let proxy = try FaultProxy(targetPort: url.port)
            proxy.setRefusing(true)
            let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port))
            let results = Results()
            publisher.publish([OutgoingMessage(routingKey: queue, body: body)]) { results.add($0, $1) }
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.lastError?.isRetriable == true })
            #expect(publisher.state.confirmed == 0)
            proxy.setRefusing(false)
            #expect(results.wait(for: 1))
            #expect(results[0] == [.confirmed])
            publisher.close()
            proxy.close()
        }
    }

    @Test func stopsPublishingWhileTheBrokerIsBlocked() throws {
        try TestBroker.withQueue("blocked") { queue, url in
            let proxy = try FaultProxy(targetPort: url.port)
            let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port))
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.phase == .publishing })
            // connection.blocked("low on memory") on channel 0.
            let reason = Array("low on memory".utf8)
            proxy.inject([1, 0, 0, 0, 0, 0, UInt8(5 + reason.count), 0, 10, 0, 60, UInt8(reason.count)] + reason + [0xCE])
            #expect(publisher.waitUntil(deadline: .now + .seconds(20)) { $0.isBlocked })
            let results = Results()
            publisher.publish((0..<10).map { _ in OutgoingMessage(routingKey: queue, body: body) }) { results.add($0, $1) }
            #expect(!publisher.waitUntil(deadline: .now + .milliseconds(300)) { $0.confirmed > 0 })
            #expect(try BrokerAdmin(url).depth(of: queue).messages == 0)
            // connection.unblocked
            proxy.inject([1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 61, 0xCE])
            #expect(results.wait(for: 10))
            #expect(results.confirmed == 10)
            #expect(publisher.state.generation == 1)
            publisher.close()
            proxy.close()
        }
    }

    @Test func abandonsWhatCannotBeConfirmedInTime() throws {
        let url = try TestBroker.url()
        let proxy = try FaultProxy(targetPort: url.port)
        proxy.setRefusing(true)
        let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port))
        let results = Results()
        publisher.publish((0..<5).map { _ in OutgoingMessage(routingKey: "any", body: body) }) { results.add($0, $1) }
        publisher.close(patience: .milliseconds(200))
        publisher.publish([OutgoingMessage(routingKey: "any", body: body)]) { results.add($0, $1, from: 5) }
        for index in 0..<6 { #expect(results[index] == [.abandoned]) }
        #expect(publisher.state.pending == 0)
        proxy.close()
    }

    @Test func blocksItsCallersWhileTooMuchIsPending() throws {
        try TestBroker.withQueue("bounded") { queue, url in
            let proxy = try FaultProxy(targetPort: url.port)
            proxy.setRefusing(true)
            let publisher = try TestBroker.publisher(TestBroker.url(port: proxy.port)) {
                $0.windowMessages = 10
                $0.pendingMessages = 10
            }
            let results = Results()
            let message = OutgoingMessage(routingKey: queue, body: body)
            publisher.publish([OutgoingMessage](repeating: message, count: 10)) { results.add($0, $1) }
            let second = Thread {
                publisher.publish([message]) { results.add($0, $1, from: 10) }
            }
            second.start()
            #expect(!publisher.waitUntil(deadline: .now + .milliseconds(200)) { $0.pending > 10 })
            proxy.setRefusing(false)
            #expect(results.wait(for: 11))
            #expect(results.confirmed == 11)
            publisher.close()
            proxy.close()
        }
    }
}
