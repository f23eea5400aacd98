import Broker
import Foundation
import Scoring
import Store
import Streaming

/// One test's own line: a queue prefix, a database, a folder, and the herald commands that run on them.
final class Line {
    let url: BrokerURL
    let names: QueueNames
    let ladder: DelayLadder
    let database: Database
    /// For files of the test; the working folder of its commands.
    let folder: String
    /// Configuration that every command of the line gets.
    let settings: [String]
    private var children: [Child] = []

    private init(_ name: String, ladder steps: [String]) throws {
        let unique = "\(name)-\(ProcessInfo.processInfo.processIdentifier)-\(String(UInt32.random(in: 0...(.max)), radix: 36))"
        url = try BrokerURL(Servers.brokerURL())
        names = QueueNames(prefix: "test-\(unique)")
        ladder = try DelayLadder(steps)
        let databaseName = "herald_test_\(unique.replacing("-", with: "_"))"
        database = try Database(url: StoreURL(Servers.databaseURL(), database: databaseName))
        folder = FileManager.default.temporaryDirectory.appending(path: "herald-\(unique)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        settings = try [
            "rabbitmq.url=\(Servers.brokerURL())", "mongodb.url=\(Servers.databaseURL())", "mongodb.database=\(databaseName)",
            "rabbitmq.queue-prefix=\(names.prefix)", "scoring.ladder=\(steps.joined(separator: ","))", "scoring.model=",
            "metrics.port=0",
        ]
    }

    /// Runs `body` on a line of its own whose queues are declared, and leaves nothing of it behind: no process, queue or database.
    ///
    /// - Parameter ladder: few steps, because each costs three queues, and by default so long that nothing comes back during a test.
    static func run(_ name: String, ladder: [String] = ["1h", "12h"], declared: Bool = true, _ body: (Line) throws -> Void) throws {
        let line = try Line(name, ladder: ladder)
        let result = Result {
            if declared { try line.withBroker { try $0.declare(line.topology) } }
            try body(line)
        }
        let removal = Result { try line.remove() }
        // What went wrong first says more.
        try result.get()
        try removal.get()
    }

    /// The same for a test that waits for something else than threads.
    static func run(
        _ name: String, ladder: [String] = ["1h", "12h"], declared: Bool = true, _ body: (Line) async throws -> Void
    ) async throws {
        let line = try Line(name, ladder: ladder)
        var failure: (any Error)?
        do {
            if declared { try line.withBroker { try $0.declare(line.topology) } }
            try await body(line)
        } catch {
            failure = error
        }
        let removal = Result { try line.remove() }
        if let failure { throw failure }
        try removal.get()
    }

    var topology: Topology {
        Topology(ladder: ladder.steps.map { Topology.Delay(name: $0.name, milliseconds: $0.milliseconds) }, names: names)
    }

    /// Where a decided or quarantined message can lie.
    var resultQueues: [String] {
        dispatchQueues + retryQueues + [names.undeliverable, names.quarantine]
    }

    var dispatchQueues: [String] { QueueNames.priorities.map(names.dispatch) }

    var retryQueues: [String] {
        QueueNames.priorities.flatMap { priority in ladder.steps.map { names.retry(priority, $0.name) } }
    }

    /// A command of herald with this line's configuration; settings given here come later and win.
    func command(
        _ arguments: String..., settings more: [String] = [], environment: [String: String] = [:]
    ) throws -> Command {
        try Command(
            Herald.path, arguments + (settings + more).flatMap { ["--set", $0] },
            environment: Herald.environment.merging(environment) { $1 }, folder: folder)
    }

    /// Starts a command that `run` ends where the test does not.
    func start(_ command: Command) throws -> Child {
        let child = try Child(command)
        children.append(child)
        return child
    }

    /// Starts `herald score` and waits until it consumes.
    func startScorer(settings more: [String] = [], consuming: Bool = true) throws -> Child {
        let scorer = try start(command("score", "--progress", "json", settings: more))
        if consuming {
            try withBroker { broker in
                try wait(for: "\(scorer.command) consumes; it says: \(scorer.standardError)") {
                    guard scorer.isRunning else { throw Failure("herald score ended: \(scorer.standardError)") }
                    // The consumer that took one job at a time counts until that one is settled.
                    return try (1...2).contains(broker.depth(of: names.jobs).consumers)
                }
            }
        }
        return scorer
    }

    /// Runs `body` with a connection of its own: one kept open would not outlive a broker that is stopped.
    @discardableResult
    func withBroker<Value>(_ body: (inout BrokerAdmin) throws -> Value) throws -> Value {
        var broker = try BrokerAdmin(url, name: "herald tests")
        let value = try body(&broker)
        try broker.close()
        return value
    }

    /// Messages that lie ready in all of these queues together.
    func depth(of queues: [String]) throws -> Int {
        try withBroker { broker in try queues.reduce(0) { try $0 + broker.depth(of: $1).messages } }
    }

    /// Waits until all of these queues together hold `count` messages or more.
    func awaitDepth(of queues: [String], atLeast count: Int, within limit: Duration = .seconds(60)) throws {
        var depth = 0
        try withBroker { broker in
            try wait(for: "\(count) messages in \(queues), where \(depth) lie", within: limit) {
                depth = try queues.reduce(0) { try $0 + broker.depth(of: $1).messages }
                return depth >= count
            }
        }
    }

    /// Waits until no job lies ready and the log holds `count` decisions or more.
    func awaitDecisions(_ count: Int, within limit: Duration = .seconds(60)) throws {
        var stored = 0
        try wait(for: "\(count) decisions in the log, which holds \(stored)", within: limit) {
            stored = try database.exactCount(of: .decisions)
            return stored >= count
        }
        try withBroker { broker in
            try wait(for: "an empty job queue", within: limit) { try broker.depth(of: names.jobs).messages == 0 }
        }
    }

    /// Empties all result queues; nothing may run on the line.
    func takeResults() throws -> QueueContents {
        try QueueContents(emptying: resultQueues, at: url)
    }

    /// A test that failed half-way may have left a server down.
    private func startServersAgain() throws {
        do {
            try withBroker { _ in }
            _ = try database.ping()
        } catch {
            guard Servers.stackScript != nil else { throw error }
            try Servers.stack("start")
        }
    }

    private func remove() throws {
        for child in children where child.isRunning {
            child.send(SIGKILL)
            _ = child.awaitExit(within: .seconds(10))
        }
        try FileManager.default.removeItem(atPath: folder)
        try startServersAgain()
        Servers.awaitSettledBroker()
        try withBroker { broker in
            for queue in topology.queues { try broker.delete(queue: queue.name) }
            for exchange in topology.exchanges { try broker.delete(exchange: exchange) }
        }
        try database.drop()
    }
}
