package import Store

/// What happens to a training run, from its acceptance to its end: a pure value that tells its caller what to do.
package struct TrainingLifecycle: Equatable, Sendable {
    /// How a child process ended.
    package enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
        /// It could not be started, or not be followed.
        case lost(String)
    }

    package enum Action: Equatable, Sendable {
        case nothing
        /// Ask the process to stop, and call `patienceIsOver` after `patience`.
        case terminate
        /// End the process.
        case kill
    }

    private enum Phase: Equatable {
        case queued
        case running
        case ended(TrainingRun.State, error: String?)
    }

    /// Between SIGTERM and SIGKILL.
    package static let patience = Duration.seconds(5)

    private var phase = Phase.queued
    package private(set) var isCancelled = false
    private var reason: String?

    package init() {}

    package var state: TrainingRun.State {
        switch phase {
        case .queued: .queued
        case .running: .running
        case .ended(let state, _): state
        }
    }

    /// Why it failed, or was cancelled before its end.
    package var error: String? {
        if case .ended(_, let error) = phase { error } else { nil }
    }

    /// The process has been started.
    package mutating func started() -> Action {
        guard phase == .queued else { return .nothing }
        phase = .running
        return isCancelled ? .terminate : .nothing
    }

    /// Somebody wants it to stop; once is enough.
    ///
    /// - Parameter reason: what the run says of it; `nil` = nothing.
    package mutating func cancel(because reason: String? = nil) -> Action {
        guard !state.isFinal, !isCancelled else { return .nothing }
        isCancelled = true
        self.reason = reason
        return phase == .running ? .terminate : .nothing
    }

    /// It has had the time to stop.
    package func patienceIsOver() -> Action {
        phase == .running && isCancelled ? .kill : .nothing
    }

    /// The process has ended.
    ///
    /// One that reached its end before the signal reached it has succeeded, whatever was asked meanwhile.
    ///
    /// - Parameter lastWords: the end of what it wrote to standard error.
    package mutating func ended(_ exit: Exit, lastWords: String) {
        guard !state.isFinal else { return }
        let said = lastWords.isEmpty ? "" : ": \(lastWords)"
        switch exit {
        case .code(0): phase = .ended(.succeeded, error: nil)
        case _ where isCancelled: phase = .ended(.cancelled, error: reason)
        case .code(let code): phase = .ended(.failed, error: "herald train ended with exit code \(code)\(said)")
        case .signal(let number): phase = .ended(.failed, error: "herald train was ended by signal \(number)\(Self.hint(number))\(said)")
        case .lost(let reason): phase = .ended(.failed, error: "herald train could not be run: \(reason)")
        }
    }

    private static func hint(_ signal: Int32) -> String {
        switch signal {
        case 9: " (SIGKILL; perhaps memory ran out)"
        case 15: " (SIGTERM)"
        case 11: " (SIGSEGV)"
        default: ""
        }
    }
}
