import Broker
import UnixSignals

/// Remembers the first SIGTERM or SIGINT and wakes whoever waits for it.
final class StopSignal: Sendable {
    private let received = Monitor(false)

    /// Traps both signals from now on.
    init() async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        Task { [received] in
            for await _ in signals { received.update { $0 = true } }
        }
    }

    var isReceived: Bool { received.withLock { $0 } }

    /// Blocks for `duration` or until a signal has come, and says whether one has; for dedicated threads.
    func wait(for duration: Duration) -> Bool {
        received.wait(until: .now + duration) { $0 ? true : nil } ?? false
    }
}
