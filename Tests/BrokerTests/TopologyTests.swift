import Broker
import Foundation
import Testing

@Suite(.serialized) struct TopologyTests {
    private static let ladder = [Topology.Delay(name: "1s", milliseconds: 1000), .init(name: "1h", milliseconds: 3_600_000)]

    /// A topology under a prefix of the test's own, removed afterwards.
    private func withTopology(_ body: (Topology, inout BrokerAdmin) throws -> Void) throws {
        let topology = Topology(ladder: Self.ladder, names: QueueNames(prefix: TestBroker.uniqueName("topology")))
        var admin = try BrokerAdmin(TestBroker.url())
        let result = Result { try body(topology, &admin) }
        for queue in topology.queues { try TestBroker.remove(queue.name, TestBroker.url()) }
        for exchange in topology.exchanges { try admin.delete(exchange: exchange) }
        try result.get()
    }

    @Test func namesEveryQueueOfTheDesign() {
        let topology = Topology(ladder: [.init(name: "15s", milliseconds: 15_000), .init(name: "1m", milliseconds: 60_000)])
        #expect(
            topology.queues.map(\.name).sorted() == [
                "herald.dispatch.high", "herald.dispatch.low", "herald.dispatch.normal", "herald.jobs", "herald.log.spool",
                "herald.outcomes.log", "herald.outcomes.recent", "herald.quarantine", "herald.retry.high.15s", "herald.retry.high.1m",
                "herald.retry.low.15s", "herald.retry.low.1m", "herald.retry.normal.15s", "herald.retry.normal.1m",
                "herald.undeliverable",
            ])
        #expect(topology.exchanges == ["herald.outcomes"])
    }

    @Test func everyQuorumQueueLosesNothing() {
        for queue in Topology(ladder: Self.ladder).queues {
            func value(_ name: String) -> QueueDeclaration.Argument.Value? { queue.arguments.first { $0.name == name }?.value }
            guard value("x-queue-type") == .text("quorum") else {
                #expect(value("x-queue-type") == .text("stream"))
                continue
            }
            #expect(value("x-overflow") == .text("reject-publish"))
            let target = value("x-dead-letter-routing-key")
            #expect((target == nil) == (value("x-dead-letter-strategy") == nil))
            // Without a target, a delivery limit or a time to live would drop messages.
            if target == nil {
                #expect(value("x-delivery-limit") == .number(Topology.noDeliveryLimit))
                #expect(value("x-message-ttl") == nil)
            }
        }
    }

    @Test func declaresTwiceAndChecksClean() throws {
        try withTopology { topology, admin in
            let before = try admin.check(topology)
            #expect(before.count == topology.queues.count + topology.exchanges.count)
            #expect(before.allSatisfy { $0.kind == .missing && $0.description.contains("herald topology declare") })
            try admin.declare(topology)
            try admin.declare(topology)
            #expect(try admin.check(topology) == [])
        }
    }

    @Test func namesTheArgumentThatDiffers() throws {
        try withTopology { topology, admin in
            let queue = topology.names.retry("low", "1s")
            try admin.declare(.quorum(queue, deliveryLimit: Topology.noDeliveryLimit, deadLetterTo: topology.names.jobs, timeToLive: 2000))
            let problem = try #require(try admin.check(topology).first { $0.name == queue })
            #expect(problem.kind == .different)
            #expect(problem.argument == "x-message-ttl")
            #expect(problem.description.contains("2000") && problem.description.contains("delete it"))
            #expect {
                try admin.declare(topology)
            } throws: {
                ($0 as? BrokerError)?.code == .preconditionFailed
            }
        }
    }

    @Test func bringsADelayedMessageBackToTheJobs() throws {
        try withTopology { topology, admin in
            try admin.declare(topology)
            let started = MonotonicTime.now
            let body = MessageBody(Array("job".utf8))
            try admin.publish(OutgoingMessage(routingKey: topology.names.retry("high", "1s"), messageID: "m", body: body))
            let consumer = try TestBroker.consumer(TestBroker.url(), topology.names.jobs)
            let delivery = try #require(consumer.takeAndAcknowledge(1).first)
            consumer.close()
            #expect(delivery.messageID == "m")
            #expect(delivery.body.bytes == body.bytes)
            let waited = MonotonicTime.now - started
            #expect(waited >= .milliseconds(990) && waited < .seconds(10), "\(waited)")
        }
    }

    @Test func fansOutcomesOutToTheLogAndTheStream() throws {
        try withTopology { topology, admin in
            try admin.declare(topology)
            let outcome = MessageBody(Array("outcome".utf8))
            try admin.publish(OutgoingMessage(exchange: topology.names.outcomesExchange, routingKey: "", messageID: "o", body: outcome))
            #expect(try admin.get(topology.names.outcomesLog)?.messageID == "o")
            #expect(try admin.get(topology.names.outcomesLog) == nil)
            // The broker counts a stream's messages every few seconds.
            try wait(for: "the stream's message", within: .seconds(20)) {
                try admin.depth(of: topology.names.outcomesRecent).messages > 0
            }
            #expect(try admin.depth(of: topology.names.outcomesRecent).messages == 1)
        }
    }

    @Test func adminSaysWhatIsWrong() throws {
        var admin = try BrokerAdmin(TestBroker.url())
        let queue = TestBroker.uniqueName("absent")
        #expect(throws: BrokerError.self) { try admin.depth(of: queue) }
        #expect {
            try admin.publish(OutgoingMessage(routingKey: queue, body: MessageBody([1])))
        } throws: {
            ($0 as? BrokerError)?.code == .unroutable
        }
        // The channel was closed over the first error; the connection still serves.
        try admin.declare(.quorum(queue, deliveryLimit: 5))
        try admin.publish(OutgoingMessage(routingKey: queue, body: MessageBody([1])))
        #expect(try admin.purge(queue) == 1)
        try admin.delete(queue: queue)
    }

    @Test func connectingSaysWhyItFailed() throws {
        let url = try TestBroker.url()
        let unreachable = try BrokerURL("amqp://guest:guest@127.0.0.1:1/")
        let wrongPassword = try BrokerURL("amqp://\(url.user):wrong@\(url.host):\(url.port)/")
        let wrongHost = try BrokerURL("amqp://\(url.user):\(url.password)@\(url.host):\(url.port)/no-such-host")
        for (url, code, isRetriable) in [
            (unreachable, BrokerError.Code.unreachable, true), (wrongPassword, .authentication, false), (wrongHost, .authentication, false),
        ] {
            #expect {
                _ = try BrokerAdmin(url)
            } throws: {
                ($0 as? BrokerError)?.code == code && ($0 as? BrokerError)?.isRetriable == isRetriable
            }
        }
    }
}
