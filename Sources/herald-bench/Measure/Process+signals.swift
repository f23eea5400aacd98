import Foundation
import Glibc

extension Process {
    /// Starts it with no signal blocked.
    ///
    /// A child inherits the mask, and threads of Swift's pool block SIGTERM: a program started from one would never hear it.
    func runWithoutSignalMask() throws {
        var none = sigset_t()
        var previous = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        try run()
    }

    /// Asks it to end, and kills it if it has not by then.
    func endWithin(seconds: Double) {
        guard isRunning else { return }
        terminate()
        let deadline = ContinuousClock.now + .seconds(seconds)
        while isRunning, .now < deadline { usleep(10_000) }
        if isRunning { kill(processIdentifier, SIGKILL) }
        waitUntilExit()
    }
}
