import Broker
import Foundation
import Logging
import Synchronization

/// The time from the publishing of a job to the arrival of what became of it, at a steady rate.
struct LatencyRun {
    /// Milliseconds.
    var p50, p99, p999: Double

    /// When each job was sent and its result arrived; nanoseconds, 0 = not yet.
    private struct Times: Sendable {
        var sent: [Int64]
        var arrived: [Int64]
        var openCount: Int
    }

    /// - Parameters:
    ///   - rate: jobs a second, of which those of the first fifth do not count.
    ///   - outputs: where results are looked for.
    init(
        _ queues: PipelineQueues, shape: JobShape, rate: Double, seconds: Double, run: String, logger: Logger,
        start: () throws -> any Worker
    ) throws {
        try queues.purge()
        let count = Int(rate * seconds)
        let messages = shape.bodies(count, run: run).enumerated().map { queues.job($1, id: JobShape.id($0, run: run)) }
        let times = Monitor(
            Times(sent: [Int64](repeating: 0, count: count), arrived: [Int64](repeating: 0, count: count), openCount: count))
        let worker = try start()
        try queues.awaitWorker()
        let consumers = try queues.outputs.map { queue in
            var configuration = ConsumerConfiguration(url: queues.url, queue: queue, connectionName: "herald-bench results")
            configuration.batchWait = .zero
            let consumer = try Consumer(configuration, logger: logger)
            try consumer.start()
            try DedicatedThread.detach(name: "bench-results") {
                while let batch = consumer.next() {
                    let now = MonotonicTime.now.nanoseconds
                    times.update { times in
                        for id in batch.deliveries.compactMap(\.messageID) {
                            guard let index = JobShape.index(of: id, run: run), times.arrived[index] == 0 else { continue }
                            times.arrived[index] = now
                            times.openCount -= 1
                        }
                    }
                    consumer.acknowledge(batch.tags)
                }
            }
            return consumer
        }
        let publisher = try Publisher(PublisherConfiguration(url: queues.url, connectionName: "herald-bench jobs"), logger: logger)
        try publisher.start()
        usleep(500_000)
        let began = MonotonicTime.now
        for (index, message) in messages.enumerated() {
            let due = began + .seconds(Double(index) / rate)
            while case let left = due - .now, left > .zero { usleep(UInt32(max(50, min(1000, left / .microseconds(1))))) }
            times.withLock { $0.sent[index] = MonotonicTime.now.nanoseconds }
            publisher.publish([message]) { _, _ in }
        }
        let isWhole = times.wait(until: .now + .seconds(30)) { $0.openCount == 0 ? true : nil } ?? false
        publisher.close()
        for consumer in consumers { consumer.close() }
        try worker.stop()
        let result = times.withLock { $0 }
        guard isWhole else { throw BenchmarkError("\(result.openCount) of \(count) jobs did not come out") }
        let latencies = zip(result.arrived, result.sent).dropFirst(count / 5).map { Double($0 - $1) * 1e-6 }.sorted()
        func quantile(_ share: Double) -> Double { latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))] }
        (p50, p99, p999) = (quantile(0.5), quantile(0.99), quantile(0.999))
    }
}
