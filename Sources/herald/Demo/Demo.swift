import Broker
import Foundation
import Scoring
import Store
import Streaming

/// Scorer, traffic, workers and the sidecar as processes of their own, watched until the end, and the books made up.
final class Demo: Sendable {
    private let scorer: DemoProcess<ScorerStatus>
    private let traffic: DemoProcess<TrafficStatus>
    private let providers: DemoProcess<ProvidersStatus>
    private let sidecar: DemoProcess<Never>
    private let configuration: HeraldConfiguration
    private let names: QueueNames
    private let database: Database
    /// How long everything ran, before the end was asked for.
    private let secondsWatched = Monitor(0.0)

    init(_ configuration: HeraldConfiguration, logFolder: String) throws {
        self.configuration = configuration
        names = QueueNames(prefix: configuration.broker.queuePrefix)
        database = try Database(url: configuration.storeURL())
        scorer = DemoProcess(["score"], logFolder: logFolder)
        traffic = DemoProcess(["simulate", "traffic"], logFolder: logFolder)
        providers = DemoProcess(["simulate", "providers"], logFolder: logFolder)
        sidecar = DemoProcess(["serve"], logFolder: logFolder)
    }

    /// Runs until `duration` has passed or a stop signal comes.
    ///
    /// - Returns: the books of the run.
    /// - Throws: `ConfigurationError` when one of the processes failed.
    func run(flags: [String], worldFlags: [String], malformed: Double, duration: Duration?, stop: StopSignal) throws -> MessageBalance {
        let admin = try BrokerAdmin(configuration.brokerURL())
        try admin.declare(configuration.streaming().topology)
        _ = try database.prepare(retentionDays: configuration.database.retentionDays)
        let depthsBefore = try QueueDepths(of: names, ladder: configuration.scoring.ladder, through: admin)
        let began = configuration.clock.now
        defer { stopAll() }
        // Several demos, and a scorer that is really used, may run on one machine.
        let progress = ["--progress", "json"]
        scorer.start(flags: flags + progress + ["--set", "metrics.port=0"])
        providers.start(flags: flags + progress + worldFlags + ["--join"])
        traffic.start(flags: flags + progress + worldFlags + ["--malformed", "\(malformed)"])
        let port = try FreePort.near(configuration.http.port)
        sidecar.start(flags: flags + ["--set", "http.port=\(port)", "--set", "http.health-port=0"])
        print("dashboard: http://127.0.0.1:\(port)/")
        secondsWatched.update { $0 = 0 }
        try watch(through: admin, for: duration, stop: stop)
        print("finishing what is under way …")
        try finish(through: admin)
        let balance = try balance(since: began, depthsBefore, through: admin)
        try admin.close()
        return balance
    }

    private func watch(through admin: borrowing BrokerAdmin, for duration: Duration?, stop: StopSignal) throws {
        var board = DemoBoard()
        let began = MonotonicTime.now
        while !stop.wait(for: .seconds(1)) {
            let elapsed = MonotonicTime.now - began
            secondsWatched.update { $0 = elapsed / .seconds(1) }
            let depths = try QueueDepths(of: names, ladder: configuration.scoring.ladder, through: admin)
            board.show(
                DemoBoard.Reading(
                    seconds: Int(elapsed / .seconds(1)), scorer: scorer.status, traffic: traffic.status, providers: providers.status,
                    depths: depths))
            if let failure { throw ConfigurationError(failure) }
            if let duration, elapsed >= duration { return }
        }
    }

    private var failure: String? { scorer.failure ?? traffic.failure ?? providers.failure ?? sidecar.failure }

    /// Leaves nothing running, however the run ended; does nothing after an orderly end.
    private func stopAll() {
        for process in [traffic.stop, providers.stop, scorer.stop, sidecar.stop] { process(.seconds(10)) }
    }

    /// Stops in the order of the line, so that what is under way gets through: traffic, workers, scorer.
    private func finish(through admin: borrowing BrokerAdmin) throws {
        traffic.stop(patience: .seconds(20))
        try awaitDepth(through: admin) { $0.jobs == 0 && $0.dispatch == 0 }
        providers.stop(patience: .seconds(20))
        try awaitDepth(through: admin) { $0.jobs == 0 }
        scorer.stop(patience: .seconds(10))
        sidecar.stop(patience: .seconds(10))
        if let failure { throw ConfigurationError(failure) }
    }

    /// Waits, 20 s at most, for what is under way; what then still waits is counted where it is.
    private func awaitDepth(through admin: borrowing BrokerAdmin, _ isReached: (QueueDepths) -> Bool) throws {
        let deadline = MonotonicTime.now + .seconds(20)
        while MonotonicTime.now < deadline, !isReached(try QueueDepths(of: names, ladder: configuration.scoring.ladder, through: admin)) {
            Thread.sleep(forTimeInterval: 0.2)
        }
    }

    /// Makes up the books.
    ///
    /// A message on its way from a retry queue back to the job queue is for a moment in neither or in both, so they are read again,
    /// 10 s at most, until they balance.
    private func balance(since began: Timestamp, _ before: QueueDepths, through admin: borrowing BrokerAdmin) throws -> MessageBalance {
        let deadline = MonotonicTime.now + .seconds(10)
        while true {
            let after = try QueueDepths(of: names, ladder: configuration.scoring.ladder, through: admin)
            let counts = try database.counts(since: began)
            func decisions(_ kind: DecisionKind) -> Int { counts.filter { $0.kind == kind }.reduce(0) { $0 + $1.count } }
            let balance = MessageBalance(
                published: (traffic.status?.published ?? 0) + (providers.status?.nextAttempts ?? 0),
                carriedOver: before.jobs + before.retry, dispatched: decisions(.dispatch), undeliverable: decisions(.giveUp),
                delayed: after.retry, quarantined: after.quarantine - before.quarantine, queued: after.jobs,
                attempted: providers.status?.attempts ?? 0, waitingAtStart: before.dispatch, waitingAtEnd: after.dispatch)
            if balance.isBalanced || MonotonicTime.now >= deadline { return balance }
            Thread.sleep(forTimeInterval: 0.5)
        }
    }

    /// What the run came to, for the summary.
    func summary(of balance: MessageBalance) -> String {
        let seconds = max(1, secondsWatched.withLock { $0 })
        let counts = scorer.status?.counts
        let success = providers.status?.successRate.map { String(format: "%.1f %%", $0 * 100) } ?? "–"
        return """

            decided \(counts?.decided ?? 0) jobs in \(Int(seconds.rounded())) s: \(Int(Double(counts?.decided ?? 0) / seconds)) jobs/s
            priorities: high \(counts?.high ?? 0), normal \(counts?.normal ?? 0), low \(counts?.low ?? 0)
            publish to decision: p50 \(counts?.lagMedianMilliseconds ?? 0) ms, p99 \(counts?.lagP99Milliseconds ?? 0) ms
            delivered \(success) of \(providers.status?.attempts ?? 0) attempts
            \(balance)
            """
    }
}
