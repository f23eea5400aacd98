import Broker
import Glibc
import Logging
import ServiceLifecycle

/// Ends the process when a stop takes too long, whatever holds it up.
///
/// The last of a group's services, which is the first to hear of a stop.
final class StopDeadline: Service {
    /// From the signal to the end.
    private static let limit = Duration.milliseconds(4500)
    /// As of `herald score` when something was left undone.
    private static let exitCode: Int32 = 3

    private let isStopped = Monitor(false)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    func run() async throws {
        try await gracefulShutdown()
        let deadline = MonotonicTime.now + Self.limit
        try DedicatedThread.detach(name: "herald-stop") { [isStopped, logger] in
            guard isStopped.wait(until: deadline, { $0 ? true : nil }) == nil else { return }
            logger.warning("the stop took too long: what went on is left undone")
            _exit(Self.exitCode)
        }
    }

    /// The stop has come to its end.
    func isMet() {
        isStopped.update { $0 = true }
    }
}
