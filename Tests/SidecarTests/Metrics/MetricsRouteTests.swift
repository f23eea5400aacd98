import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Monitoring
import NIOCore
import Scoring
import Sidecar
import Streaming
import Synchronization
import Testing

/// `GET /metrics` of the sidecar.
@Suite struct MetricsRouteTests {
    private struct Away: Error {}

    /// As whoever may read.
    private struct CallerMiddleware: RouterMiddleware {
        typealias Context = SidecarContext
        var caller: Caller

        func handle(
            _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
        ) async throws -> Response {
            var context = context
            context.caller = caller
            return try await next(request, context)
        }
    }

    private static let asOf = Timestamp(milliseconds: 1_800_000_000_000)

    /// Forty attempts whose figures `PerformanceMeasurementTests` computes by hand.
    private static func report(on version: String, threshold: Float) -> PerformanceReport {
        var attempts = JudgedAttempts()
        for index in 0..<40 {
            let (probability, verdict) = [
                (Float(0.25), JudgedAttempts.Verdict.failed), (0.75, .delivered), (0.5, .delivered), (0.5, .failed),
            ][index % 4]
            attempts.append(
                probability: probability, verdict: verdict, notification: "n\(index)", decidedAt: asOf + -4_000_000
            ) { $0 == .channel ? "sms" : "x" }
        }
        return PerformanceMeasurement(modelVersion: version, threshold: threshold, asOf: asOf, maturityMilliseconds: 3_600_000)
            .report(of: attempts)
    }

    /// The champion that this repository ships.
    private static func champion() throws -> ScoringModel {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: root.appending(path: "models/champion/\(name)"))) }
        return try ScoringModel(manifest: bytes("manifest.json"), model: bytes("model.ubj"))
    }

    private func application(
        model: ScoringModel? = nil, caller: Caller = .local,
        measure: @escaping @Sendable (String, Float) throws -> PerformanceReport = { report(on: $0, threshold: $1) }
    ) -> some ApplicationProtocol {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let router = Router(context: SidecarContext.self)
        router.add(middleware: CallerMiddleware(caller: caller))
        router.add(middleware: ProblemMiddleware())
        MetricsRoute(
            exporter: PrometheusExporter(), scorer: CurrentScorer(Scorer(model: model, ladder: .standard)),
            performance: PerformanceCache(logger: logger, measure: measure), pool: BlockingPool(threads: 2)
        ).add(to: router)
        return Application(router: router, logger: logger)
    }

    private func object(_ response: TestResponse) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(response.body.readableBytesView)) as? [String: Any])
    }

    @Test func figuresOfTheModelInUse() async throws {
        let model = try Self.champion()
        try await application(model: model).test(.router) { client in
            let response = try await client.execute(uri: "/metrics", method: .get)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.headers[.vary] == "Accept")
            let answer = try object(response)
            #expect(Set(answer.keys) == ["model", "generated_at", "maturity_s", "intervals", "windows", "series", "segments", "degraded"])
            let described = try #require(answer["model"] as? [String: Any])
            #expect(described["version"] as? String == model.version)
            let threshold = Double(try #require(model.operatingThreshold))
            #expect(abs(try #require(described["threshold"] as? Double) - threshold) < 1e-9)
            #expect(answer["generated_at"] as? String == Self.asOf.rfc3339)
            #expect(answer["maturity_s"] as? Double == 3600)
            #expect(answer["degraded"] as? [String] == [])
            let hour = try #require((answer["windows"] as? [String: Any])?["1h"] as? [String: Any])
            #expect((hour["counts"] as? [String: Int])?["matured"] == 40)
            let figures = try #require(hour["figures"] as? [String: [String: Double]])
            #expect(figures["auc"]?["value"] == 0.875)
            #expect(figures.count == 9 && figures.values.allSatisfy { $0.count == 3 })
            let bins = try #require(hour["reliability"] as? [[String: Double]])
            #expect(bins.allSatisfy { Set($0.keys) == ["predicted", "observed", "lower", "upper", "rows"] })
            #expect(bins.map { $0["predicted"] } == [0.25, 0.5, 0.75] && bins.map { $0["rows"] } == [10, 20, 10])
            #expect(bins.map { $0["observed"] } == [0, 0.5, 1])
            for (window, seconds) in [("1h", 300), ("24h", 3600), ("7d", 21600)] {
                let series = try #require((answer["series"] as? [String: Any])?[window] as? [String: Any])
                #expect(series["step_s"] as? Int == seconds)
                let point = try #require((series["points"] as? [[String: Any]])?.first)
                #expect(Set(point.keys) == ["from", "until", "counts", "figures"])
                #expect((point["counts"] as? [String: Int])?["matured"] == 40)
                let figures = try #require(point["figures"] as? [String: [String: Double]])
                #expect(Set(figures.keys) == ["auc", "log_loss", "ece", "base_rate"] && figures["auc"]?["value"] == 0.875)
                #expect(figures.values.allSatisfy { Set($0.keys) == ["value", "lower", "upper"] })
            }
            let segments = try #require((answer["segments"] as? [String: Any])?["by"] as? [String: [[String: Any]]])
            #expect(segments["channel"]?.first?["group"] as? String == "sms")
        }
    }

    @Test func withoutAModelThereAreNulls() async throws {
        try await application().test(.router) { client in
            let answer = try object(try await client.execute(uri: "/metrics", method: .get))
            #expect(answer["model"] is NSNull)
            #expect(answer["degraded"] as? [String] == ["model"])
            let windows = try #require(answer["windows"] as? [String: Any])
            #expect(Set(windows.keys) == ["1h", "24h", "7d"] && windows.values.allSatisfy { $0 is NSNull })
            let series = try #require(answer["series"] as? [String: Any])
            #expect(Set(series.keys) == ["1h", "24h", "7d"] && series.values.allSatisfy { $0 is NSNull })
        }
    }

    /// The database may be away for as long as it likes: the answer says so, and is one.
    @Test func withoutTheDatabaseTheLastFiguresStay() async throws {
        let calls = Calls()
        try await application(model: try Self.champion(), measure: { _, _ in try calls.next { throw Away() } }).test(.router) { client in
            for _ in 0..<3 {
                let response = try await client.execute(uri: "/metrics", method: .get)
                #expect(response.status == .ok)
                let answer = try object(response)
                #expect(answer["degraded"] as? [String] == ["database"])
                #expect((answer["windows"] as? [String: Any])?["24h"] is NSNull)
                #expect(answer["model"] is [String: Any])
            }
        }
        #expect(calls.count == 1, "and it is not asked again at once")
    }

    @Test func manyReadersAreOneMeasurement() async throws {
        let calls = Calls()
        let app = application(model: try Self.champion()) { version, threshold in
            calls.next { Self.report(on: version, threshold: threshold) }
        }
        try await app.test(.router) { client in
            await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        let response = try? await client.execute(uri: "/metrics", method: .get)
                        #expect(response?.status == .ok)
                    }
                }
            }
        }
        #expect(calls.count == 1)
    }

    @Test(arguments: [
        ("text/plain", "text/plain; version=0.0.4; charset=utf-8"), ("*/*", "application/json"), ("", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text; version=1.0.0; charset=utf-8"
        ),
        ("application/openmetrics-text;q=0.2, text/plain;q=0.9", "text/plain; version=0.0.4; charset=utf-8"),
        ("text/*", "text/plain; version=0.0.4; charset=utf-8"), ("application/json;q=0, */*", "text/plain; version=0.0.4; charset=utf-8"),
    ])
    func acceptChooses(accept: String, contentType: String) async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(
                uri: "/metrics", method: .get, headers: accept.isEmpty ? [:] : [.accept: accept])
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == contentType)
        }
    }

    @Test func whatIsWrongIsAProblem() async throws {
        try await application().test(.router) { client in
            let image = try await client.execute(uri: "/metrics", method: .get, headers: [.accept: "image/png"])
            #expect(image.status == .notAcceptable)
            let parameter = try await client.execute(uri: "/metrics?window=1h", method: .get)
            #expect(parameter.status == .badRequest)
            #expect(try object(parameter)["field"] as? String == "window")
        }
        try await application(caller: .anonymous).test(.router) { client in
            let response = try await client.execute(uri: "/metrics", method: .get)
            #expect(response.status == .unauthorized)
        }
        try await application(caller: Caller(name: "p", roles: [.predict])).test(.router) { client in
            let response = try await client.execute(uri: "/metrics", method: .get)
            #expect(response.status == .forbidden)
        }
    }

    private final class Calls: Sendable {
        private let counter = Mutex(0)

        var count: Int { counter.withLock { $0 } }

        func next<Value>(_ body: () throws -> Value) rethrows -> Value {
            counter.withLock { $0 += 1 }
            return try body()
        }
    }
}
