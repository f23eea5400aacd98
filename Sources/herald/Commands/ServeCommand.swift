import ArgumentParser
import Broker
import Logging
import Scoring
import ServiceLifecycle
import Sidecar
import Store
import Streaming
import UnixSignals

/// `herald serve`: the HTTP sidecar.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve predictions, metrics, models, queues and the dashboard over HTTP until SIGTERM.",
        discussion: """
            Answers from its start on, whatever is away: without the database with the model that the models folder holds, without the \
            broker with live health as it was; answers then say what they lack (`degraded`).
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await options.load()
        let logger = configuration.makeLogger("serve")
        FileDescriptors.raiseLimit()
        let sidecar = try configuration.sidecar()
        let parts = try SidecarParts(configuration, logger: logger)
        try parts.start()
        defer { parts.stop() }

        let server = SidecarServer(sidecar, logger: logger)
        let health = HealthRoute { parts.predictor.degraded }
        let router = server.makeRouter()
        health.add(to: router)
        OpenAPIRoute().add(to: router)
        SessionRoute().add(to: router)
        if let folder = sidecar.dashboardFolder { DashboardRoute(folder: folder, logger: logger).add(to: router) }
        PredictRoute(parts.predictor).add(to: router)
        InferenceRoute(parts.predictor, serverVersion: Herald.version).add(to: router)
        let clock = configuration.clock
        let records = RecordRoutes(
            database: parts.database, registry: parts.registry, pool: parts.pool,
            program: configuration.trainingProgram(file: options.file), logger: logger, decisionClock: { clock.now }, wallClock: { .now })
        records.add(to: router)
        Task { await records.recover() }
        parts.observation.add(to: router)
        parts.metrics.add(to: router)
        let scheme = sidecar.tls == nil ? "http" : "https"
        let services = try server.services(router, health: health) { name, port in
            logger.notice("listening on \(name == "health" ? "http" : scheme)://\(sidecar.host):\(port) (\(name))")
        }
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet(logger))
        // What is not answered by then is cut off: a stop takes at most 5 s.
        group.maximumGracefulShutdownDuration = .seconds(3)
        group.maximumCancellationDuration = .seconds(1)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            logger.warning("some requests were cut off by the stop")
        }
        await records.stop()
        if !(await parts.observation.stop()) { logger.info("the log was still being read at the end") }
        logger.info("stopped")
    }

    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(.warning, logger.logLevel)
        return logger
    }
}
