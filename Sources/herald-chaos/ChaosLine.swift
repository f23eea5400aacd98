import Broker
import Faults
import Foundation
import Logging
import Scoring
import Store

/// The line under test: queues and a database of its own, a scorer whose connections go through proxies, and the ledger of its jobs.
final class ChaosLine {
    static let ladder = ["1h", "12h"]
    /// Jobs that a scorer may have in flight.
    static let prefetch = 1000

    let stack: Stack
    let names: QueueNames
    let ledger = JobLedger()
    /// Between the scorer and its servers.
    let brokerProxy, databaseProxy: FaultProxy
    let scorer: ScorerProcess
    /// Past the proxies.
    let brokerURL: BrokerURL
    let database: Database
    /// For the models that are swapped, and logs.
    let folder: String
    let heraldPath: String
    private let settings: [String]
    private let topology: Topology

    init(herald: String?, models: String, stack: Stack) throws {
        self.stack = stack
        let id = ProcessInfo.processInfo.processIdentifier
        names = QueueNames(prefix: "chaos-\(id)")
        brokerURL = try BrokerURL(stack.brokerURL)
        let databaseName = "herald_chaos_\(id)"
        database = try Database(url: StoreURL(stack.databaseURL, database: databaseName))
        let (brokerPort, databasePort) = (try Stack.port(of: stack.brokerURL), try Stack.port(of: stack.databaseURL))
        brokerProxy = try FaultProxy(targetPort: brokerPort)
        databaseProxy = try FaultProxy(targetPort: databasePort)
        folder = FileManager.default.temporaryDirectory.appending(path: "herald-chaos-\(id)").path
        try FileManager.default.createDirectory(atPath: "\(folder)/models", withIntermediateDirectories: true)
        for version in ["v1", "v2"] { try Self.copy("\(models)/\(version)", to: "\(folder)/models/\(version)") }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        heraldPath = herald ?? URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "herald").path
        topology = Topology(
            ladder: try DelayLadder(Self.ladder).steps.map { Topology.Delay(name: $0.name, milliseconds: $0.milliseconds) }, names: names)
        // Directly: a driver that knows the replica set would go past the proxy.
        let proxied = "mongodb://127.0.0.1:\(databaseProxy.port)/\(databaseName)?directConnection=true&w=majority&journal=true"
        settings = [
            "rabbitmq.url=\(stack.brokerURL.replacing("127.0.0.1:\(brokerPort)", with: "127.0.0.1:\(brokerProxy.port)"))",
            "mongodb.url=\(proxied)", "rabbitmq.queue-prefix=\(names.prefix)", "rabbitmq.prefetch=\(Self.prefetch)",
            "scoring.ladder=\(Self.ladder.joined(separator: ","))", "scoring.model=\(folder)/models/champion", "registry.store=disk",
            "metrics.port=0", "log.level=info",
        ]
        scorer = ScorerProcess(
            heraldPath, ["score", "--progress", "plain"] + settings.flatMap { ["--set", $0] }, log: "\(folder)/scorer.log")
    }

    /// Declares the queues and makes the second model the champion.
    func prepare() throws {
        let admin = try BrokerAdmin(brokerURL, name: "herald chaos")
        try admin.declare(topology)
        try admin.close()
        try promote("v2")
    }

    /// Makes a version the champion, which the scorer follows.
    func promote(_ version: String) throws {
        try Tool(
            heraldPath,
            ["models", "promote", version, "--force", "--as", "chaos", "--reason", "chaos"] + settings.flatMap { ["--set", $0] }
        ).run(within: 60)
    }

    /// Messages that lie ready in a queue.
    func depth(of queue: String) throws -> Int {
        let admin = try BrokerAdmin(brokerURL, name: "herald chaos")
        let depth = try admin.depth(of: queue).messages
        try admin.close()
        return depth
    }

    /// Starts the broker; returns when it first accepted a connection.
    func startBroker() throws -> MonotonicTime {
        let accepted = Monitor(MonotonicTime?.none)
        let url = brokerURL
        try DedicatedThread.detach(name: "chaos-probe") {
            let deadline = MonotonicTime.now + .seconds(120)
            while MonotonicTime.now < deadline {
                if let admin = try? BrokerAdmin(url, name: "herald chaos: probe") {
                    accepted.update { $0 = .now }
                    // Closed or cut, it has served.
                    try? admin.close()
                    return
                }
                usleep(20_000)
            }
        }
        try stack.run("start-broker")
        guard let time = accepted.wait(until: .now + .seconds(60), { $0 }) else { throw ChaosError("the broker takes no connection") }
        return time
    }

    /// Documents in the log.
    func recordCount() throws -> Int {
        // A count without a query is an estimate after MongoDB was killed.
        let query = try Document(json: #"{"count": "decisions", "query": {"_id": {"$exists": true}}}"#, doing: "counting")
        return try database.read(query, doing: "counting")["n"]?.integer.map { Int($0) } ?? 0
    }

    /// Ends what runs and removes what the line has made; says what it cannot.
    func cleanUp() {
        scorer.end()
        brokerProxy.close()
        databaseProxy.close()
        do {
            let admin = try BrokerAdmin(brokerURL, name: "herald chaos")
            for queue in topology.queues { try admin.delete(queue: queue.name) }
            for exchange in topology.exchanges { try admin.delete(exchange: exchange) }
            try admin.close()
            try database.drop()
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            say("cannot clean up: \(error)")
        }
    }

    private static func copy(_ source: String, to target: String) throws {
        do {
            try FileManager.default.copyItem(atPath: source, toPath: target)
        } catch {
            throw ChaosError("cannot copy the model '\(source)': \(error.localizedDescription)")
        }
    }
}
