import Broker
import Logging
import Scoring

/// A message as it lay in a queue.
struct FoundMessage: Sendable {
    /// Every header that Herald sets, on decisions and in quarantine.
    static let headerNames = [
        "x-herald-decision-id", "x-herald-action", "x-herald-probability", "x-herald-priority", "x-herald-delay-ms", "x-herald-provider",
        "x-herald-model", "x-herald-policy", "x-herald-reason", "x-herald-detail", "x-herald-field", "x-herald-queue",
        "x-herald-requeued",
    ]

    let queue: String
    let messageID: String?
    let contentType: String?
    /// Those of `headerNames` that it has; numbers as decimal text.
    let headers: [String: String]
    let body: [UInt8]

    init(_ delivery: Delivery, queue: String) {
        self.queue = queue
        messageID = delivery.messageID
        contentType = delivery.contentType
        body = delivery.body.bytes
        var headers: [String: String] = [:]
        for name in Self.headerNames { headers[name] = delivery.header(name) }
        self.headers = headers
    }

    /// The header `x-herald-` + `name`.
    subscript(_ name: String) -> String? { headers["x-herald-" + name] }

    var decisionID: DecisionID? { self["decision-id"].flatMap { DecisionID($0) } }
}

/// Everything that lay in a number of queues, with the sums that a test draws from it.
struct QueueContents: Sendable {
    private(set) var messages: [FoundMessage] = []

    /// Empties the queues: reads exactly what lies in each, and makes sure that then nothing is left.
    ///
    /// Nobody else may publish to or consume from them.
    init(emptying queues: [String], at url: BrokerURL) throws {
        let admin = try BrokerAdmin(url)
        for queue in queues {
            let depth = try admin.depth(of: queue).messages
            if depth > 0 { messages += try Self.take(depth, from: queue, at: url) }
            let left = try admin.depth(of: queue).messages
            guard left == 0 else { throw Failure("\(left) messages more than the \(depth) expected in '\(queue)'") }
        }
        try admin.close()
    }

    /// Message ids, each once.
    var ids: Set<String> { Set(messages.compactMap(\.messageID)) }

    /// Messages by their id.
    var byID: [String: [FoundMessage]] { Dictionary(grouping: messages) { $0.messageID ?? "" } }

    /// Messages beyond the first of each id.
    var duplicateCount: Int { messages.count - ids.count }

    /// Messages in one queue.
    func inQueue(_ queue: String) -> [FoundMessage] { messages.filter { $0.queue == queue } }

    private static func take(_ count: Int, from queue: String, at url: BrokerURL) throws -> [FoundMessage] {
        var configuration = ConsumerConfiguration(url: url, queue: queue, connectionName: "herald tests")
        configuration.headers = FoundMessage.headerNames
        configuration.prefetch = 2000
        configuration.batchSize = 1000
        configuration.bodyLimit = 4 << 20
        let consumer = try Consumer(configuration, logger: .silent)
        try consumer.start()
        let found = Monitor([FoundMessage]())
        try DedicatedThread.detach(name: "test-drain") {
            while let batch = consumer.next() {
                let messages = batch.deliveries.map { FoundMessage($0, queue: queue) }
                consumer.acknowledge(batch.tags)
                found.update { $0 += messages }
            }
        }
        let isComplete = found.wait(until: .now + .seconds(60)) { $0.count >= count ? true : nil } ?? false
        consumer.stop()
        consumer.close()
        guard isComplete else { throw Failure("only \(found.withLock { $0.count }) of \(count) messages could be read from '\(queue)'") }
        return found.withLock { $0 }
    }
}

extension Logger {
    /// Says nothing: what a test's own connections see while servers come and go is no news.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
