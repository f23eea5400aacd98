import Broker
import Foundation
import Logging
import Store

/// The contenders of `herald-bench pipeline`, their turns and their table.
final class PipelineBenchmark {
    private struct Contender {
        var name: String
        var shape: JobShape
        var start: () throws -> any Worker
    }

    /// What a round measured of a contender.
    private struct Median {
        var rate, workerCPU, brokerCPU, databaseCPU, peakBytes: Double

        init(_ runs: [BacklogRun]) {
            func median(_ value: (BacklogRun) -> Double) -> Double { Turns.median(runs.map(value)) }
            rate = median(\.rate)
            workerCPU = median(\.workerCPU)
            brokerCPU = median(\.brokerCPU)
            databaseCPU = median(\.databaseCPU)
            peakBytes = median(\.peakBytes)
        }
    }

    /// Unacknowledged deliveries of every contender.
    private static let prefetch = 1000
    /// Jobs a second of 50 000 a minute.
    private static let floorRate = 833.0

    private(set) var report = Report()
    private let options: PipelineCommand
    private let queues: PipelineQueues
    private let database: Database
    private let logger: Logger
    private let folder: String
    private let rabbitmqURL: String
    private let mongodbURL: String
    private let databaseName: String
    private let broker: ProcessUsage?
    private let mongod: ProcessUsage?
    private var runCount = 0

    init(_ options: PipelineCommand) throws {
        self.options = options
        let environment = ProcessInfo.processInfo.environment
        guard let rabbitmqURL = options.rabbitmqURL ?? environment["RABBITMQ_URL"],
            let mongodbURL = options.mongodbURL ?? environment["MONGODB_URL"]
        else {
            throw BenchmarkError(
                "which servers? Run `make stack` and `eval \"$(scripts/stack env)\"`, or give --rabbitmq-url and --mongodb-url")
        }
        (self.rabbitmqURL, self.mongodbURL) = (rabbitmqURL, mongodbURL)
        broker = ProcessUsage(file: environment["HERALD_RABBITMQ_PID_FILE"])
        mongod = ProcessUsage(file: environment["HERALD_MONGODB_PID_FILE"])
        var logger = Logger(label: "herald.bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        self.logger = logger
        let id = "\(ProcessInfo.processInfo.processIdentifier)"
        databaseName = "herald_bench_\(id)"
        database = try Database(url: StoreURL(mongodbURL, database: databaseName))
        queues = try PipelineQueues(BrokerURL(rabbitmqURL), prefix: "herald-bench-\(id)", logger: logger)
        folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(id)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func cleanUp() {
        do {
            try queues.delete()
            try database.drop()
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            report.print("cannot clean up: \(error)")
        }
    }

    func run() throws {
        let contenders = try contenders()
        try measureBacklogs(contenders)
        if options.latencySeconds > 0 { try measureLatency(contenders) }
        if options.largeBacklog > 0 { try measureLargeBacklog(contenders) }
    }

    // MARK: Backlogs

    private func measureBacklogs(_ contenders: [Contender]) throws {
        var runs = [[BacklogRun]](repeating: [], count: contenders.count)
        for round in 0..<options.rounds {
            for turn in contenders.indices {
                let index = (turn + round) % contenders.count
                runs[index].append(try backlog(contenders[index], jobs: options.jobs))
            }
        }
        var table = TextTable(["", "jobs/s", "µs/job: worker", "broker", "database", "peak MB"])
        for (contender, median) in zip(contenders, runs.map(Median.init)) {
            let name = "pipeline.\(contender.name)"
            report.add("\(name).jobs_per_s", median.rate)
            report.add("\(name).worker_cpu_us", median.workerCPU)
            report.add("\(name).broker_cpu_us", median.brokerCPU)
            report.add("\(name).database_cpu_us", median.databaseCPU)
            report.add("\(name).peak_mb", median.peakBytes / 1e6)
            table.add(
                [contender.name]
                    + [median.rate, median.workerCPU, median.brokerCPU, median.databaseCPU, median.peakBytes / 1e6].map(Report.short))
        }
        report.print(table.text)
        for (name, first, second) in [
            ("herald_12_to_relay", "herald_12", "relay"), ("herald_12_to_shovel", "herald_12", "shovel"),
            ("herald_12_to_python", "herald_12", "python"),
        ] {
            guard let one = report.value("pipeline.\(first).jobs_per_s"), let other = report.value("pipeline.\(second).jobs_per_s") else {
                continue
            }
            report.add("pipeline.ratio.\(name)", one / other)
            report.print("\(name): \(Report.short(one / other))")
        }
    }

    private func backlog(_ contender: Contender, jobs: Int) throws -> BacklogRun {
        runCount += 1
        let run = try BacklogRun(
            queues, shape: contender.shape, jobs: jobs, run: "r\(runCount)", broker: broker, database: mongod, start: contender.start)
        report.print("\(contender.name): \(Report.short(run.rate)) jobs/s, worker \(Report.short(run.workerCPU)) µs")
        return run
    }

    private func measureLargeBacklog(_ contenders: [Contender]) throws {
        for contender in contenders where contender.name == "herald_12" {
            let run = try backlog(contender, jobs: options.largeBacklog)
            let name = "pipeline.large.\(contender.name)"
            report.add("\(name).jobs", options.largeBacklog)
            report.add("\(name).jobs_per_s", run.rate)
            report.add("\(name).early_mb", run.earlyBytes / 1e6)
            report.add("\(name).late_mb", run.lateBytes / 1e6)
            report.add("\(name).peak_mb", run.peakBytes / 1e6)
            report.print(
                """
                \(options.largeBacklog) jobs, \(contender.name): \(Report.short(run.rate)) jobs/s; memory \(Report.short(run.earlyBytes / 1e6)) MB \
                after a tenth, \(Report.short(run.lateBytes / 1e6)) MB after nine, \(Report.short(run.peakBytes / 1e6)) MB at most
                """)
        }
    }

    // MARK: Latency

    private func measureLatency(_ contenders: [Contender]) throws {
        var table = TextTable(["publish → result", "jobs/s", "p50 ms", "p99 ms", "p99.9 ms"])
        for contender in contenders where ["relay", "herald_12"].contains(contender.name) {
            let capacity = report.value("pipeline.\(contender.name).jobs_per_s") ?? .nan
            for (label, rate) in [("floor", Self.floorRate), ("half", capacity / 2)] where rate.isFinite {
                runCount += 1
                let run = try LatencyRun(
                    queues, shape: contender.shape, rate: rate, seconds: options.latencySeconds, run: "r\(runCount)", logger: logger,
                    start: contender.start)
                let name = "pipeline.\(contender.name).\(label)"
                report.add("\(name).rate", rate)
                report.add("\(name).p50_ms", run.p50)
                report.add("\(name).p99_ms", run.p99)
                report.add("\(name).p999_ms", run.p999)
                table.add([contender.name] + [rate, run.p50, run.p99, run.p999].map(Report.short))
            }
        }
        report.print(table.text)
    }

    // MARK: Contenders

    /// Whether `make bench-peers` has made this Python and put in it what the worker imports.
    private func hasPackages(_ python: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import pika, pymongo, xgboost"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        if process.terminationStatus != 0 { report.print("python is absent (make bench-peers)") }
        return process.terminationStatus == 0
    }

    private func contenders() throws -> [Contender] {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let herald = options.herald ?? URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "herald").path
        let (jobs, target) = (queues.names.jobs, queues.names.dispatch("normal"))
        let relay = Contender(name: "relay", shape: .twelve) { [rabbitmqURL, folder] in
            try WorkerProcess(
                own,
                [
                    "pipeline-relay", "--rabbitmq-url", rabbitmqURL, "--source", jobs, "--target", target, "--prefetch", "\(Self.prefetch)",
                ], log: "\(folder)/relay.log")
        }
        var contenders = [relay]
        if let control = ProcessInfo.processInfo.environment["HERALD_RABBITMQCTL"] {
            contenders.append(
                Contender(name: "shovel", shape: .twelve) {
                    try ShovelWorker(BrokerControl(path: control), from: jobs, to: target, prefetch: Self.prefetch)
                })
        }
        let python = "\(options.peers)/bin/python"
        if hasPackages(python) {
            contenders.append(
                Contender(name: "python", shape: .twelve) { [rabbitmqURL, mongodbURL, folder, databaseName, options] in
                    try WorkerProcess(
                        python,
                        [
                            "scripts/bench/pipeline_peer.py", rabbitmqURL, mongodbURL, "\(databaseName)", jobs, target,
                            "\(options.model)/model.ubj", "\(options.model)/manifest.json", "12",
                        ], environment: ["OMP_NUM_THREADS": "1"], log: "\(folder)/python.log")
                })
        }
        for shape in [JobShape.one, .twelve, .thirtySix] {
            let name = "herald_\(shape.actions)"
            let settings = [
                "rabbitmq.url=\(rabbitmqURL)", "mongodb.url=\(mongodbURL)", "mongodb.database=\(databaseName)",
                "rabbitmq.queue-prefix=\(queues.names.prefix)", "rabbitmq.prefetch=\(Self.prefetch)",
                "scoring.ladder=\(JobShape.ladder.joined(separator: ","))", "scoring.model=\(options.model)", "metrics.port=0",
                "log.level=warning",
            ]
            contenders.append(
                Contender(name: name, shape: shape) { [folder] in
                    try WorkerProcess(
                        herald, ["score", "--progress", "plain"] + settings.flatMap { ["--set", $0] }, log: "\(folder)/\(name).log")
                })
        }
        return options.only.isEmpty ? contenders : contenders.filter { options.only.contains($0.name) }
    }
}
