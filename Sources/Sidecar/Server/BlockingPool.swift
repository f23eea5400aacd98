internal import Broker
internal import NIOPosix
internal import Synchronization

/// Runs calls that block, such as the database's, on threads of their own: a few at a time, a few more in waiting, each with a deadline.
package final class BlockingPool: Sendable {
    private struct Waiting {
        var count = 0
    }

    private let pool: NIOThreadPool
    private let waiting = Mutex(Waiting())
    private let capacity: Int

    /// - Parameters:
    ///   - threads: calls that run at a time.
    ///   - capacity: calls that run or wait; more are refused.
    package init(threads: Int = 4, capacity: Int = 64) {
        pool = NIOThreadPool(numberOfThreads: threads)
        self.capacity = capacity
        pool.start()
    }

    /// Runs `work`.
    ///
    /// - Parameter limit: how long the caller waits; the work itself goes on to its own end, and keeps its place until then.
    /// - Throws: what `work` throws; `Problem` (overloaded, timeout).
    package func run<Value: Sendable>(
        within limit: Duration = .seconds(10), _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let isAccepted = waiting.withLock { waiting in
            guard waiting.count < capacity else { return false }
            waiting.count += 1
            return true
        }
        guard isAccepted else {
            throw Problem(.overloaded, "too many requests wait for the servers behind this one", retryAfter: 1)
        }
        let answer = Answer<Value>()
        pool.submit { [self] state in
            let result: Result<Value, any Error> =
                state == .active ? Result { try work() } : .failure(Problem(.unavailable, "the sidecar is stopping", retryAfter: 5))
            waiting.withLock { $0.count -= 1 }
            answer.resolve(result)
        }
        let timeout = Task {
            try await Task.sleep(for: limit)
            answer.resolve(.failure(Problem(.timeout, "no answer within \(limit.components.seconds) s", retryAfter: 2)))
        }
        defer { timeout.cancel() }
        return try await answer.value
    }

    /// Runs `work` on a thread of its own, which goes on to its end when the caller is cancelled.
    ///
    /// - Parameter ended: called once, after `work` or where there was no thread for it.
    static func onThread<Value: Sendable>(
        _ name: String, _ work: @escaping @Sendable () throws -> Value, ended: @escaping @Sendable () -> Void
    ) async throws -> Value {
        let answer = Answer<Value>()
        do {
            try DedicatedThread.detach(name: name) {
                let result = Result { try work() }
                ended()
                answer.resolve(result)
            }
        } catch {
            ended()
            throw error
        }
        return try await answer.value
    }

    /// Ends the threads after what they do now.
    package func stop() async {
        // It fails only for a pool that has been stopped already.
        try? await pool.shutdownGracefully()
    }

    /// A result that comes once, from whoever is first.
    private final class Answer<Value: Sendable>: Sendable {
        private enum State {
            case empty
            case awaited(CheckedContinuation<Value, any Error>)
            case resolved(Result<Value, any Error>)
            case delivered
        }

        private let state = Mutex(State.empty)

        func resolve(_ result: Result<Value, any Error>) {
            let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
                switch state {
                case .empty:
                    state = .resolved(result)
                    return nil
                case .awaited(let continuation):
                    state = .delivered
                    return continuation
                case .resolved, .delivered: return nil
                }
            }
            continuation?.resume(with: result)
        }

        /// Waits for the result; a caller that is cancelled gets an error in its place.
        var value: Value {
            get async throws {
                try await withTaskCancellationHandler {
                    try await resolved
                } onCancel: {
                    resolve(.failure(Problem(.unavailable, "the sidecar is stopping", retryAfter: 5)))
                }
            }
        }

        private var resolved: Value {
            get async throws {
                try await withCheckedThrowingContinuation { continuation in
                    let result: Result<Value, any Error>? = state.withLock { state in
                        if case .resolved(let result) = state {
                            state = .delivered
                            return result
                        }
                        state = .awaited(continuation)
                        return nil
                    }
                    if let result { continuation.resume(with: result) }
                }
            }
        }
    }
}
