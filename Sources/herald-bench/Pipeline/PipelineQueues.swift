import Broker
import Foundation
import Logging
import Synchronization

/// The queues of a measurement, which it makes and deletes.
final class PipelineQueues {
    let url: BrokerURL
    let names: QueueNames
    private let topology: Topology
    private let logger: Logger

    init(_ url: BrokerURL, prefix: String, logger: Logger) throws {
        self.url = url
        self.logger = logger
        names = QueueNames(prefix: prefix)
        topology = Topology(
            ladder: JobShape.ladder.map { Topology.Delay(name: $0, milliseconds: Int64($0.dropLast())! * 3_600_000) }, names: names)
        let admin = try BrokerAdmin(url, name: "herald-bench")
        try admin.declare(topology)
        try admin.close()
    }

    /// Where a contender leaves its messages.
    var outputs: [String] {
        QueueNames.priorities.map(names.dispatch)
            + QueueNames.priorities.flatMap { priority in JobShape.ladder.map { names.retry(priority, $0) } }
            + [names.undeliverable, names.quarantine]
    }

    func withAdmin<Value>(_ body: (borrowing BrokerAdmin) throws -> Value) throws -> Value {
        let admin = try BrokerAdmin(url, name: "herald-bench")
        let value = try body(admin)
        try admin.close()
        return value
    }

    /// Messages in all outputs.
    func outputCount() throws -> Int {
        try withAdmin { admin in try outputs.reduce(0) { try $0 + admin.depth(of: $1).messages } }
    }

    func purge() throws {
        try withAdmin { admin in
            for queue in outputs + [names.jobs] { _ = try admin.purge(queue) }
        }
    }

    /// Puts jobs into the job queue; returns when the broker has confirmed all.
    func fill(_ bodies: [[UInt8]], run: String) throws {
        let publisher = try Publisher(PublisherConfiguration(url: url, connectionName: "herald-bench fill"), logger: logger)
        try publisher.start()
        for start in stride(from: 0, to: bodies.count, by: 500) {
            publisher.publish(
                (start..<min(start + 500, bodies.count)).map { job(bodies[$0], id: JobShape.id($0, run: run)) }
            ) { _, _ in }
        }
        let isDone = publisher.waitUntil(deadline: .now + .seconds(120)) { $0.pending == 0 }
        let confirmed = publisher.state.confirmed
        publisher.close()
        guard isDone, confirmed == bodies.count else { throw BenchmarkError("the broker confirmed \(confirmed) of \(bodies.count) jobs") }
    }

    func job(_ body: [UInt8], id: String) -> OutgoingMessage {
        OutgoingMessage(routingKey: names.jobs, messageID: id, contentType: "application/json", body: MessageBody(body))
    }

    /// Waits until somebody consumes the jobs.
    func awaitWorker() throws {
        let deadline = ContinuousClock.now + .seconds(30)
        try withAdmin { admin in
            while try admin.depth(of: names.jobs).consumers == 0 {
                guard .now < deadline else { throw BenchmarkError("nobody consumes the jobs within 30 s") }
                usleep(20_000)
            }
        }
    }

    func delete() throws {
        try withAdmin { admin in
            for queue in topology.queues { try admin.delete(queue: queue.name) }
            for exchange in topology.exchanges { try admin.delete(exchange: exchange) }
        }
    }
}
