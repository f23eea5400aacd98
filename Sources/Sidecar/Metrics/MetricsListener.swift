internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// An HTTP server of its own for metrics and health, on one thread of its own: a flood elsewhere does not hide it, and it is in nobody's way.
///
/// `GET /metrics` (Prometheus text, or OpenMetrics where that is asked for), `GET /health/live`, `GET /health/ready`.
package final class MetricsListener: Sendable {
    /// Connections at a time; more are closed at once.
    private static let maximumConnections = 64
    /// How long a connection may be silent, or a request or its answer stand still.
    private static let idleLimit = TimeAmount.seconds(10)
    /// Most bytes of a request's head.
    private static let headBytes = 16 * 1024

    private struct Running {
        var task: Task<Void, Never>?
    }

    private let host: String
    private let port: Int
    private let exporter: PrometheusExporter
    private let readiness: @Sendable () -> Readiness
    private let logger: Logger
    private let pool = BlockingPool(threads: 1, capacity: 16)
    private let running = Mutex(Running())

    /// - Parameters:
    ///   - port: 0 = any that is free.
    ///   - readiness: asked at every request, so it must not wait.
    package init(
        host: String, port: Int, exporter: PrometheusExporter, logger: Logger, readiness: @escaping @Sendable () -> Readiness
    ) {
        self.host = host
        self.port = port
        self.exporter = exporter
        self.readiness = readiness
        self.logger = logger
    }

    /// Listens from now on.
    ///
    /// - Returns: the port.
    /// - Throws: `ListenerError` where the address cannot be had.
    package func start() async throws -> Int {
        let (ports, found) = AsyncThrowingStream<Int, any Error>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let port = port
        // The server tells of its start and stop at the level of information: that is for who runs it to say.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router(),
            server: server(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? port) },
            eventLoopGroupProvider: .shared(group), logger: quiet)
        let task = Task { [logger] in
            do {
                try await application.run()
                found.finish()
            } catch {
                found.finish(throwing: error)
            }
            do { try await group.shutdownGracefully() } catch { logger.warning("the thread of the metrics did not end: \(error)") }
        }
        running.withLock { $0.task = task }
        do {
            for try await port in ports { return port }
            throw CancellationError()
        } catch {
            throw ListenerError(host: host, port: port, underlying: error)
        }
    }

    /// Listens no more; returns at once, whatever requests are under way.
    package func stop() {
        running.withLock { $0.task.take() }?.cancel()
    }

    private func server() -> HTTPServerBuilder {
        let book = AddressBook(limit: Self.maximumConnections, limitPerAddress: Self.maximumConnections)
        let limits = ConnectionGuard.Limits(body: Self.idleLimit, stall: Self.idleLimit, backlog: Self.idleLimit)
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(book, limits)],
                idleTimeout: Self.idleLimit,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Self.headBytes, maxHeaderListSize: Self.headBytes, maxHeaderFieldCount: 100)))
    }

    private func router() -> Router<SidecarContext> {
        let router = Router(context: SidecarContext.self)
        router.add(middleware: RequestIDMiddleware())
        router.add(middleware: ProblemMiddleware())
        router.get("metrics") { [self] request, _ in
            let format = ExpositionFormat(accept: request.headers[.accept])
            // Gauges are brought up to date first, under locks that the scoring loop holds for the time of a batch.
            let text = try await pool.run { [exporter] in exporter.text(as: format) }
            return Response(metrics: text, as: format)
        }
        router.get("health/live") { _, _ in JSONAnswer(HealthAnswer(status: "live")) }
        router.get("health/ready") { [self] _, _ in
            let readiness = readiness()
            guard readiness.isReady else { throw Problem(.unavailable, readiness.obstacles.joined(separator: "; "), retryAfter: 1) }
            return JSONAnswer(HealthAnswer(status: "ready"))
        }
        MethodGuard.add(to: router)
        return router
    }

    private struct HealthAnswer: Encodable {
        var status: String
    }
}

/// Why a process cannot listen where it was told to.
package struct ListenerError: Error, CustomStringConvertible {
    package var host: String
    package var port: Int
    package var underlying: any Error

    /// Whether another program has the port.
    package var isInUse: Bool { (underlying as? IOError)?.errnoCode == EADDRINUSE }

    package var description: String {
        isInUse ? "port \(port) of \(host) is in use by another program" : "cannot listen on port \(port) of \(host): \(underlying)"
    }
}

extension ExpositionFormat {
    /// The form that a scraper wants most: the text format unless OpenMetrics is asked for.
    init(accept: String?) {
        let best = AcceptHeader(accept).best(of: [Self.text, .openMetrics].map(\.mediaType))
        self = best == Self.openMetrics.mediaType ? .openMetrics : .text
    }
}

extension Response {
    /// The answer with metrics as text.
    init(metrics text: String, as format: ExpositionFormat) {
        self.init(
            status: .ok, headers: [.contentType: format.contentType, .vary: "Accept"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
