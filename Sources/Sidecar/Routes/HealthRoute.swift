package import Hummingbird

/// `GET /health/live` and `GET /health/ready`: for whoever starts, stops and routes to this process; they need no token.
package struct HealthRoute {
    /// What stands in the way of an answer that lacks nothing.
    private let degraded: @Sendable () -> [Degradation]

    package init(degraded: @escaping @Sendable () -> [Degradation]) {
        self.degraded = degraded
    }

    /// What `/health/ready` says.
    private struct Answer: Encodable {
        var status: String
        var degraded: [Degradation]
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.get("health/live") { _, _ in
            JSONAnswer(["status": "live"])
        }
        // Degraded is ready: predictions go on, and the answer says what they lack.
        router.get("health/ready") { [degraded] _, _ in
            let degraded = degraded()
            return JSONAnswer(Answer(status: degraded.isEmpty ? "ready" : "degraded", degraded: degraded))
        }
    }
}
