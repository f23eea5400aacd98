import Broker

/// Runs blocking work on a thread of its own, so that the cooperative pool stays free.
enum BlockingWork {
    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try DedicatedThread.detach(name: "herald-command") {
                    continuation.resume(with: Swift.Result { try work() })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
