import Foundation
import FoundationNetworking
import Logging
import Sidecar
import Synchronization
import Testing

/// The scorer's listener, over a socket.
@Suite struct MetricsListenerTests {
    private final class Switch: Sendable {
        private let obstacles = Mutex<[String]>([])

        var readiness: Readiness {
            get { Readiness(obstacles: obstacles.withLock { $0 }) }
            set { obstacles.withLock { $0 = newValue.obstacles } }
        }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func get(_ port: Int, _ path: String) async throws -> (status: Int, type: String?, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        let (data, response) = try await URLSession.shared.data(from: url)
        let answer = try #require(response as? HTTPURLResponse)
        return (answer.statusCode, answer.value(forHTTPHeaderField: "Content-Type"), String(decoding: data, as: UTF8.self))
    }

    @Test func metricsAndHealth() async throws {
        let state = Switch()
        let listener = MetricsListener(
            host: "127.0.0.1", port: 0, exporter: .ofThisProcess(version: "1.2.3"), logger: Self.logger, readiness: { state.readiness })
        let port = try await listener.start()
        defer { listener.stop() }
        let metrics = try await get(port, "/metrics")
        #expect(metrics.status == 200 && metrics.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metrics.body.contains("\nherald_build_info{version=\"1.2.3\",swift="))
        #expect(metrics.body.contains("\nprocess_cpu_seconds_total "))
        #expect(try await get(port, "/health/ready").status == 200)
        state.readiness = Readiness(obstacles: ["the broker is away", "the database is away"])
        let ready = try await get(port, "/health/ready")
        #expect(ready.status == 503 && ready.type == "application/problem+json")
        #expect(ready.body.contains("the broker is away; the database is away"))
        #expect(try await get(port, "/health/live").status == 200)
        #expect(try await get(port, "/nothing").status == 404)
    }

    @Test func aPortInUseIsSaid() async throws {
        let first = MetricsListener(host: "127.0.0.1", port: 0, exporter: PrometheusExporter(), logger: Self.logger) { Readiness() }
        let port = try await first.start()
        defer { first.stop() }
        let second = MetricsListener(host: "127.0.0.1", port: port, exporter: PrometheusExporter(), logger: Self.logger) { Readiness() }
        await #expect {
            _ = try await second.start()
        } throws: { error in
            (error as? ListenerError).map { $0.isInUse && "\($0)".contains("\(port)") } ?? false
        }
    }
}
