/// How far a training run has come.
package struct TrainingProgress: Sendable {
    package enum Phase: String, Sendable {
        /// First pass over the file: checks, periods, vocabularies.
        case surveying
        /// Second pass: features.
        case reading
        case boosting
        /// Measuring, writing and verifying.
        case finishing
    }

    package var phase: Phase
    /// Rows read (`surveying`, `reading`) or trees grown (`boosting`).
    package var done: Int
    /// Share of the phase that is done, 0 to 1; of `boosting` a lower bound, since it ends early.
    package var share: Double
    /// The rest of the phase at the pace so far; `nil` until there is one.
    package var remaining: Duration?
    /// Validation log loss so far, in nats; only while `boosting`.
    package var validationLogLoss: Double?
}

/// Turns a phase's share into an estimate of its remaining time.
struct ProgressClock {
    private let phase: TrainingProgress.Phase
    private let start = ContinuousClock.now
    private let report: (TrainingProgress) -> Void

    init(_ phase: TrainingProgress.Phase, _ report: @escaping (TrainingProgress) -> Void) {
        self.phase = phase
        self.report = report
        report(TrainingProgress(phase: phase, done: 0, share: 0))
    }

    func callAsFunction(_ done: Int, _ share: Double, validationLogLoss: Double? = nil) {
        let elapsed = start.duration(to: .now)
        let remaining = share > 0 ? elapsed * ((1 - share) / share) : nil
        report(
            TrainingProgress(phase: phase, done: done, share: share, remaining: remaining, validationLogLoss: validationLogLoss))
    }
}
