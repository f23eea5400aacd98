import Broker
import Foundation
import Logging
import Testing

/// The real RabbitMQ that `make test` starts, and queues of a test's own on it.
enum TestBroker {
    /// Its address; the test fails when there is none, so that nothing passes unseen.
    static func url() throws -> BrokerURL {
        let text = try #require(
            ProcessInfo.processInfo.environment["HERALD_TEST_RABBITMQ_URL"],
            "HERALD_TEST_RABBITMQ_URL is not set: run 'make test', which starts a RabbitMQ for the tests")
        return try BrokerURL(text)
    }

    /// The same broker through a proxy on `port`.
    static func url(port: Int) throws -> BrokerURL {
        let text = try #require(ProcessInfo.processInfo.environment["HERALD_TEST_RABBITMQ_URL"])
        let url = try BrokerURL(text)
        let encodedHost = url.virtualHost == "/" ? "" : "/\(url.virtualHost)"
        return try BrokerURL("amqp://\(url.user):\(url.password)@127.0.0.1:\(port)\(encodedHost)")
    }

    static func uniqueName(_ purpose: String) -> String {
        "herald-test.\(purpose).\(UInt64.random(in: 0...UInt64.max))"
    }

    /// Runs `body` with a fresh quorum queue, deleted afterwards.
    static func withQueue(
        _ purpose: String, bytesLimit: Int64? = nil, _ body: (_ queue: String, _ url: BrokerURL) throws -> Void
    ) throws {
        let url = try url()
        let queue = uniqueName(purpose)
        try BrokerAdmin(url).declare(.quorum(queue, deliveryLimit: 100, bytesLimit: bytesLimit))
        let result = Result { try body(queue, url) }
        try remove(queue, url)
        try result.get()
    }

    /// Runs `body` with a fresh stream in small segments, deleted afterwards.
    static func withStream(_ purpose: String, _ body: (_ stream: String, _ url: BrokerURL) throws -> Void) throws {
        let url = try url()
        let stream = uniqueName(purpose)
        try BrokerAdmin(url).declare(self.stream(stream))
        let result = Result { try body(stream, url) }
        try remove(stream, url)
        try result.get()
    }

    static func stream(_ name: String) -> QueueDeclaration {
        .stream(name, maximumAge: "1h", segmentBytes: 8 << 20, bytesLimit: 1 << 30)
    }

    /// Deletes a queue; tries again, because RabbitMQ can trip over a quorum queue that is still writing (INTERNAL_ERROR).
    static func remove(_ queue: String, _ url: BrokerURL) throws {
        do {
            try BrokerAdmin(url).delete(queue: queue)
        } catch {
            Thread.sleep(forTimeInterval: 1)
            try BrokerAdmin(url).delete(queue: queue)
        }
    }

    /// Quiet unless something must be looked into.
    static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    static func consumer(
        _ url: BrokerURL, _ queue: String, _ change: (inout ConsumerConfiguration) -> Void = { _ in }
    ) throws -> Consumer {
        var configuration = ConsumerConfiguration(url: url, queue: queue, connectionName: "herald test consumer")
        change(&configuration)
        let consumer = try Consumer(configuration, logger: logger)
        try consumer.start()
        return consumer
    }

    static func publisher(_ url: BrokerURL, _ change: (inout PublisherConfiguration) -> Void = { _ in }) throws -> Publisher {
        var configuration = PublisherConfiguration(url: url, connectionName: "herald test publisher")
        change(&configuration)
        let publisher = try Publisher(configuration, logger: logger)
        try publisher.start()
        return publisher
    }

    /// Publishes bodies `first`, `first` + 1 … with their number as message id, and waits until all are confirmed.
    static func fill(_ queue: String, _ url: BrokerURL, from first: Int = 0, count: Int, bodyBytes: Int = 100) throws {
        let publisher = try publisher(url)
        let results = Results()
        let body = MessageBody([UInt8](repeating: 0x2E, count: bodyBytes))
        let messages = (first..<first + count).map { OutgoingMessage(routingKey: queue, messageID: "\($0)", body: body) }
        publisher.publish(messages) { results.add($0, $1) }
        #expect(results.wait(for: count))
        #expect(results.confirmed == count)
        publisher.close()
    }
}
