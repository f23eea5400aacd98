/// How far a training run has come.
package struct TrainingProgress: Sendable {
    package enum Phase: String, Sendable {
        /// First pass over the file: checks, periods, vocabularies.
        case surveying
        /// Second pass: features.
        case reading
        /// The search for better parameters, where one is wanted.
        case tuning
        case boosting
        /// The baselines' training.
        case comparing
        case calibrating
        /// The bootstrap.
        case evaluating
        /// Importances and the learning curve, for the report.
        case explaining
        /// Writing and verifying.
        case finishing
    }

    package var phase: Phase
    /// Rows read (`surveying`, `reading`), trials made (`tuning`), trees grown (`boosting`) resamples drawn (`evaluating`) or per cent (`explaining`).
    package var done: Int
    /// Share of the phase that is done, 0 to 1; a lower bound where a phase may end early.
    package var share: Double
    /// The rest of the phase at the pace so far; `nil` until there is one.
    package var remaining: Duration?
    /// Lowest validation log loss so far (`tuning`) or the last tree's (`boosting`), in nats.
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
