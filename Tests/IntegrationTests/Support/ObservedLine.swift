import Broker
import Foundation
import Hummingbird
import Logging
import Scoring
import ServiceLifecycle
import Sidecar
import Store
import Streaming

/// The sidecar's queues, quarantine and events of one line, answered over HTTP in this process.
final class ObservedLine: Sendable {
    let port: Int
    let hub: EventHub
    let health: SharedHealth
    private let end: @Sendable () throws -> Void

    /// - Parameters:
    ///   - management: URL of the broker's management plugin; `nil` = without.
    ///   - database: of the line, unless a test needs one that is away.
    ///   - caller: who everybody is taken for.
    init(_ line: Line, management: String? = nil, database: Store.Database? = nil, caller: [Token]? = nil) throws {
        let logger = Logger.silent
        let database = database ?? line.database
        let now: @Sendable () -> Timestamp = { .now }
        let client = try management.map { try ManagementClient($0, broker: line.url, prefix: line.names.prefix) }
        let health = SharedHealth(control: ControlParameters())
        let pool = BlockingPool()
        var configuration = SidecarConfiguration()
        configuration.port = 0
        configuration.healthPort = nil
        configuration.tokens = caller
        let server = SidecarServer(configuration, logger: logger)
        let router = server.makeRouter()
        let observation = Observation(
            line.url, topology: line.topology, management: client, database: database, pool: pool, health: health, isFollowing: { true },
            clock: now, now: now, logger: logger)
        observation.add(to: router)
        let listening = Monitor(Int?.none)
        let services = try server.services(router, health: HealthRoute { [] }) { _, port in listening.update { $0 = port } }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        let isOver = Monitor(false)
        Task {
            try? await group.run()
            isOver.update { $0 = true }
        }
        try observation.start()
        guard let port = listening.wait(until: .now + .seconds(10), { $0 }) else { throw Failure("the sidecar does not listen") }
        self.port = port
        hub = observation.hub
        self.health = health
        end = {
            Task {
                await group.triggerGracefulShutdown()
            }
            guard isOver.wait(until: .now + .seconds(10), { $0 ? true : nil }) == true else {
                throw Failure("the sidecar does not end within 10 s")
            }
            let isStopped = Monitor(Bool?.none)
            Task {
                let isStoppedCleanly = await observation.stop(within: .seconds(5))
                await pool.stop()
                isStopped.update { $0 = isStoppedCleanly }
            }
            guard isStopped.wait(until: .now + .seconds(10), { $0 }) == true else { throw Failure("the reader of the log does not end") }
        }
    }

    /// Stops as the program does.
    func stop() throws {
        try end()
    }

    /// Sends a request and waits for its answer.
    func request(_ method: String, _ target: String, headers: [String: String] = [:], body: String? = nil) throws -> HTTPAnswer {
        try HTTPAnswer(method, target, port: port, body: body.map { Array($0.utf8) }, headers: headers)
    }

    func get(_ target: String, headers: [String: String] = [:]) throws -> [String: Any] {
        let answer = try request("GET", target, headers: headers)
        guard answer.status == 200 else { throw Failure("GET \(target): \(answer.status) \(answer.text)") }
        return try answer.json()
    }

    /// Begins to follow the events.
    func follow(_ query: String = "", after id: String? = nil) throws -> HTTPExchange {
        let clients = hub.clientCount
        let exchange = try HTTPExchange(
            "GET", "/events" + query, port: port, headers: id.map { ["Last-Event-ID": $0] } ?? [:])
        try wait(for: "the client is taken on") { hub.clientCount > clients }
        return exchange
    }
}
