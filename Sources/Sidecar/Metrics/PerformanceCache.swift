internal import Broker
package import Logging
package import Monitoring

/// The last report on the model's performance, measured anew in the background when somebody asks for it and it is old.
///
/// Never faster than every `interval`, and never more than a twentieth of the time: on a thread of its own, one measurement at a time.
package final class PerformanceCache: Sendable {
    /// Between the starts of two measurements, at least.
    package static let interval = Duration.seconds(30)
    /// Times that a measurement took, until the next one.
    private static let rest = 20

    /// What is known.
    package struct Reading: Sendable {
        /// Of the version that was asked for; `nil` while there is none.
        package var report: PerformanceReport?
        /// Whether the last measurement failed, for want of the database.
        package var hasFailed: Bool
    }

    private struct State: Sendable {
        var report: PerformanceReport?
        var hasFailed = false
        /// What the last measurement was of, whether or not it succeeded.
        var version: String?
        var isMeasuring = false
        var next = MonotonicTime.now
    }

    private let state = Monitor(State())
    private let measure: @Sendable (_ version: String, _ threshold: Float) throws -> PerformanceReport
    private let logger: Logger

    /// - Parameter measure: measures a model version at an operating threshold; may block for as long as it takes.
    package init(
        logger: Logger, measure: @escaping @Sendable (_ version: String, _ threshold: Float) throws -> PerformanceReport
    ) {
        self.measure = measure
        self.logger = logger
    }

    /// What is known of a version; measures it in the background where that is due.
    ///
    /// Blocks, `patience` at most, while nothing at all is known.
    package func reading(of version: String, threshold: Float, patience: Duration = .seconds(2)) -> Reading {
        let isDue = state.withLock { state in
            guard !state.isMeasuring, state.version != version || MonotonicTime.now >= state.next else { return false }
            state.isMeasuring = true
            state.version = version
            return true
        }
        if isDue { start(version, threshold) }
        let known = state.wait(until: .now + patience) { state in
            state.isMeasuring && state.report?.modelVersion != version ? nil : Self.reading(of: version, state)
        }
        return known ?? state.withLock { Self.reading(of: version, $0) }
    }

    private static func reading(of version: String, _ state: State) -> Reading {
        Reading(report: state.report?.modelVersion == version ? state.report : nil, hasFailed: state.hasFailed)
    }

    private func start(_ version: String, _ threshold: Float) {
        do {
            try DedicatedThread.detach(name: "herald-measure") { [self] in run(version, threshold) }
        } catch {
            logger.warning("the model's performance is not measured: \(error)")
            state.update { $0.isMeasuring = false }
        }
    }

    private func run(_ version: String, _ threshold: Float) {
        let began = MonotonicTime.now
        let result = Result { try measure(version, threshold) }
        let duration = MonotonicTime.now - began
        state.update { state in
            state.isMeasuring = false
            state.next = began + max(Self.interval, duration * Self.rest)
            switch result {
            case .success(let report):
                state.report = report
                state.hasFailed = false
            case .failure:
                state.hasFailed = true
                // Soon again: what fails is over quickly, or has waited long enough.
                state.next = .now + Self.interval
            }
        }
        if case .failure(let error) = result { logger.warning("the model's performance could not be measured: \(error)") }
    }
}
