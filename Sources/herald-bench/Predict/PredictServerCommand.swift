import ArgumentParser
import Broker
import Foundation
import Glibc
import Hummingbird
import Logging
import Scoring
import ServiceLifecycle
import Sidecar
import Store
import Streaming
import UnixSignals

/// The sidecar's server as `herald serve` has it, with `/predict` and beside it `/bare`, which only decodes the job with Codable.
///
/// Prints its port in a line and serves until SIGTERM. Live health stays empty: no broker is asked.
struct PredictServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict-server", abstract: "The server that `herald-bench predict` measures.", shouldDisplay: false)

    @Option(help: "Folder of the model.")
    var model: String

    @Option(help: "Database that the predictions are logged in; without it they are not.")
    var mongodbURL: String?

    @Option(help: "Name of the database.")
    var database = "herald_bench"

    func run() async throws {
        var logger = Logger(label: "herald.bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let scorer = CurrentScorer(Scorer(model: try ArtifactFolder(model).load(), ladder: .standard))
        let database = try Database(url: StoreURL(mongodbURL ?? "mongodb://127.0.0.1:1/?replicaSet=none", database: self.database))
        let streaming = StreamingConfiguration(brokerURL: try BrokerURL("amqp://127.0.0.1:1/"))
        let follower = try HealthFollower(
            streaming, connectionName: "herald-bench", control: scorer.scorer.policy.control, database: database, logger: logger,
            now: { Self.now })
        let log = PredictionLog(database: database, hasher: nil, logger: logger)
        if mongodbURL != nil {
            _ = try await Self.blocking { try database.prepare(retentionDays: 1) }
            try log.start()
        }
        let predictor = Predictor(scorer: scorer, health: follower, log: log) { Self.now }
        var configuration = SidecarConfiguration()
        configuration.port = 0
        configuration.healthPort = nil
        let server = SidecarServer(configuration, logger: logger)
        let router = server.makeRouter()
        PredictRoute(predictor).add(to: router)
        router.post("bare") { request, context -> Response in
            let job = try await request.decode(as: BareJob.self, context: context)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"bytes\":\(job.payloadSize)}")))
        }
        let services = try server.services(router, health: HealthRoute { [] }) { _, port in
            FileHandle.standardOutput.write(Data("\(port)\n".utf8))
        }
        var group = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(1)
        try? await ServiceGroup(configuration: group).run()
        log.close()
    }

    private static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await BlockingPool(threads: 1, capacity: 1).run(within: .seconds(60), work)
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
