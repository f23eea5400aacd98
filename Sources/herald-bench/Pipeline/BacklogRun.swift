import Broker
import Foundation

/// How fast a backlog goes, between its first and its last tenth.
struct BacklogRun {
    /// Jobs a second.
    var rate: Double
    /// Microseconds of computing for each job, by process.
    var workerCPU, brokerCPU, databaseCPU: Double
    /// Most memory of the worker, bytes, and what it had when a tenth and nine tenths were done.
    var peakBytes, earlyBytes, lateBytes: Double

    /// - Parameters:
    ///   - start: starts the worker on a backlog that is there already.
    ///   - broker: its process; `nil` = not on this machine.
    init(
        _ queues: PipelineQueues, shape: JobShape, jobs: Int, run: String, broker: ProcessUsage?, database: ProcessUsage?,
        start: () throws -> any Worker
    ) throws {
        try queues.purge()
        try queues.fill(shape.bodies(jobs, run: run), run: run)
        let worker = try start()
        func costs() -> [Double] { [worker.usage, broker, database].map { $0?.cpuSeconds ?? .nan } }
        func resident() -> Double { worker.usage?.residentBytes ?? .nan }
        let deadline = ContinuousClock.now + .seconds(60 + jobs / 200)
        /// Waits until at most `count` jobs lie in the queue; tells how many do.
        func awaitDepth(_ count: Int, _ admin: borrowing BrokerAdmin) throws -> Int {
            while true {
                let depth = try admin.depth(of: queues.names.jobs).messages
                if depth <= count { return depth }
                try worker.check()
                guard .now < deadline else { throw BenchmarkError("\(depth) of \(jobs) jobs still lie in the queue") }
                usleep(10_000)
            }
        }
        (rate, workerCPU, brokerCPU, databaseCPU, earlyBytes, lateBytes) = try queues.withAdmin { admin in
            let first = try awaitDepth(jobs * 9 / 10, admin)
            let (began, before, early) = (ContinuousClock.now, costs(), resident())
            let last = try awaitDepth(jobs / 10, admin)
            let (seconds, after, late) = ((ContinuousClock.now - began) / .seconds(1), costs(), resident())
            let done = Double(first - last)
            let cost = zip(after, before).map { ($0 - $1) / done * 1e6 }
            return (done / seconds, cost[0], cost[1], cost[2], early, late)
        }
        while try queues.outputCount() < jobs {
            guard .now < deadline else { throw BenchmarkError("\(try queues.outputCount()) of \(jobs) jobs came out") }
            usleep(100_000)
        }
        peakBytes = worker.usage?.peakBytes ?? .nan
        try worker.stop()
        let count = try queues.outputCount()
        guard count == jobs else { throw BenchmarkError("\(count) messages came out of \(jobs) jobs") }
    }
}
