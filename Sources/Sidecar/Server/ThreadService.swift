internal import NIOPosix
internal import ServiceLifecycle

/// A service whose tasks run on a thread of their own: what keeps all others busy does not hold it up.
struct ThreadService<Base: Service>: Service {
    private let base: Base
    private let executor = ThreadExecutor()

    init(_ base: Base) {
        self.base = base
    }

    func run() async throws {
        try await withTaskExecutorPreference(executor) { try await base.run() }
    }
}

/// Runs jobs one after the other on one thread.
private final class ThreadExecutor: TaskExecutor {
    private let thread = NIOThreadPool(numberOfThreads: 1)

    init() {
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.submit { [self] _ in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
