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
        let parts = try SidecarParts(configuration, file: options.file, logger: logger)
        try parts.start()
        let deadline = StopDeadline(logger: logger)
        do {
            try await serve(parts, sidecar, until: deadline, logger)
        } catch {
            await parts.stop()
            throw error
        }
        await parts.stop()
        deadline.isMet()
        logger.info("stopped")
    }

    /// Answers until SIGTERM or SIGINT.
    private func serve(
        _ parts: SidecarParts, _ sidecar: SidecarConfiguration, until deadline: StopDeadline, _ logger: Logger
    ) async throws {
        let server = SidecarServer(sidecar, logger: logger)
        let router = server.makeRouter()
        parts.addRoutes(to: router)
        if let folder = sidecar.dashboardFolder { DashboardRoute(folder: folder, logger: logger).add(to: router) }
        let scheme = sidecar.tls == nil ? "http" : "https"
        let services = try server.services(router, health: parts.healthRoute) { name, port in
            logger.notice("listening on \(name == "health" ? "http" : scheme)://\(sidecar.host):\(port) (\(name))")
        }
        var group = ServiceGroupConfiguration(
            services: services + [deadline], gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet(logger))
        // What is not answered by then is cancelled; that this takes long must not be fatal, as a maximum there would be.
        group.maximumGracefulShutdownDuration = .seconds(2)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            logger.warning("some requests were cut off by the stop")
        }
    }

    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(.warning, logger.logLevel)
        return logger
    }
}
