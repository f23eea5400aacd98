internal import HTTPTypes
package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
package import NIOPosix
package import ServiceLifecycle

/// The HTTP face: a listener for the interface and one for health alone, each on threads of its own, so that a flood on the one does not
/// hide the other.
package struct SidecarServer: Sendable {
    private let configuration: SidecarConfiguration
    private let logger: Logger

    package init(_ configuration: SidecarConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// A router with everything that every request passes, to add routes to.
    package func makeRouter() -> Router<SidecarContext> {
        let router = Router(context: SidecarContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestIDMiddleware())
        router.add(middleware: SecurityHeadersMiddleware(isTLS: configuration.tls != nil))
        if !configuration.allowedOrigins.isEmpty {
            router.add(middleware: AllowedOriginsMiddleware(configuration.allowedOrigins))
        }
        router.add(middleware: RequestMetricsMiddleware())
        router.add(middleware: GzipMiddleware())
        router.add(middleware: ProblemMiddleware())
        if configuration.tokens == nil { router.add(middleware: SameSiteMiddleware(allowedOrigins: configuration.allowedOrigins)) }
        router.add(middleware: SheddingMiddleware(limit: configuration.requestsInFlight))
        router.add(middleware: AuthenticationMiddleware(tokens: configuration.tokens))
        return router
    }

    /// Answers by `router` until the task is cancelled or the service group stops.
    ///
    /// - Parameters:
    ///   - health: for the listener of its own.
    ///   - onRunning: hears the ports once both listen.
    package func services(
        _ router: Router<SidecarContext>, health: HealthRoute, onListening: @escaping @Sendable (_ name: String, _ port: Int) -> Void
    ) throws -> [any Service] {
        MethodGuard.add(to: router)
        var services: [any Service] = [
            Application(
                responder: router.buildResponder(), server: try builder(), configuration: applicationConfiguration(configuration.port),
                onServerRunning: { channel in onListening("http", channel.localAddress?.port ?? 0) },
                eventLoopGroupProvider: .singleton, logger: quiet)
        ]
        if let port = configuration.healthPort {
            let router = Router(context: SidecarContext.self)
            router.add(middleware: RequestIDMiddleware())
            router.add(middleware: ProblemMiddleware())
            health.add(to: router)
            MethodGuard.add(to: router)
            services.append(
                ThreadService(
                    Application(
                        responder: router.buildResponder(), server: http(AddressBook(limit: 256, limitPerAddress: 256)),
                        configuration: applicationConfiguration(port),
                        onServerRunning: { channel in onListening("health", channel.localAddress?.port ?? 0) },
                        eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)), logger: quiet)))
        }
        return services
    }

    private func applicationConfiguration(_ port: Int) -> ApplicationConfiguration {
        ApplicationConfiguration(address: .hostname(configuration.host, port: port), serverName: nil, backlog: 1024)
    }

    /// Every connection that comes and goes is no news.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(.warning, logger.logLevel)
        return logger
    }

    private func builder() throws -> HTTPServerBuilder {
        let http = http(AddressBook(limit: configuration.connections, limitPerAddress: configuration.connectionsPerAddress))
        guard let tls = configuration.tls else { return http }
        return try .tls(http, tlsConfiguration: tls)
    }

    private func http(_ book: AddressBook) -> HTTPServerBuilder {
        let limits = ConnectionGuard.Limits(
            body: TimeAmount(configuration.bodyTimeout), stall: TimeAmount(configuration.stallTimeout),
            backlog: TimeAmount(configuration.backlogTimeout))
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(book, limits)],
                idleTimeout: TimeAmount(configuration.idleTimeout),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: configuration.headBytes, maxHeaderListSize: configuration.headBytes, maxHeaderFieldCount: 100)))
    }
}
