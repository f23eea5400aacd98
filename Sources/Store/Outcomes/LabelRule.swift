package import Scoring

/// Which outcome, if any, says what became of the action that a decision chose.
///
/// A job that is sent to a retry queue comes back and is decided on anew, so the attempt that is made at last need not be the one that an
/// earlier decision had in mind. An outcome is the label of a decision where the attempt went through the provider that was chosen and was
/// made when it was to be made, give or take `toleranceMilliseconds`; so one attempt can be the label of a retry decision and of the
/// dispatch decision that followed it.
package struct LabelRule: Equatable, Sendable {
    /// How long after its attempt an outcome may come, in milliseconds, 1 s to 30 days; after that a missing one is unknown, never a failure.
    ///
    /// Decisions younger than this are left out *whether or not* their outcome is there. Those that are known early are the quick ones, and
    /// quick answers differ from slow ones: to take them and leave the others would teach the model a world that answers at once. For the same
    /// reason a later outcome of an old attempt does not count either, for a young attempt's cannot be known.
    package var maturityMilliseconds: Int64
    /// How far from its time an attempt may be made, in milliseconds, 1 s to 1 h; for a delayed one at most half the delay, too, so that it is
    /// not taken for one that was put off again.
    package var toleranceMilliseconds: Int64

    /// Default: one hour until an outcome is given up, one minute between the time of an attempt and its plan.
    package init(maturityMilliseconds: Int64 = 3_600_000, toleranceMilliseconds: Int64 = 60_000) {
        self.maturityMilliseconds = maturityMilliseconds
        self.toleranceMilliseconds = toleranceMilliseconds
    }

    /// What became of the action that `record` chose.
    ///
    /// - Parameters:
    ///   - outcomes: everything that is known of the job, in the order in which it happened; what is behind `asOf` is not looked at.
    ///   - asOf: the time whose knowledge counts.
    package func label(of record: DecisionRecord, outcomes: [Outcome], asOf: Timestamp) -> DecisionLabel {
        guard record.choosesAttempt else { return .noAttempt }
        let decision = record.decision
        return label(
            through: decision.provider, after: decision.delayMilliseconds, decidedAt: decision.decidedAt, outcomes: outcomes, asOf: asOf)
    }

    /// What became of an attempt that was chosen.
    ///
    /// - Parameters:
    ///   - provider: the route that was chosen.
    ///   - delay: milliseconds from the decision to the attempt.
    package func label(
        through provider: String, after delay: Int64, decidedAt: Timestamp, outcomes: [Outcome], asOf: Timestamp
    ) -> DecisionLabel {
        let attemptAt = decidedAt + delay
        let closesAt = attemptAt + maturityMilliseconds
        guard closesAt <= asOf else { return .immature }
        let known = outcomes.filter { $0.occurredAt <= closesAt }
        let own = known.filter { $0.provider == provider && abs($0.attemptedAt - attemptAt) <= tolerance(after: delay) }
        // What arrived has arrived, whatever was thought of it before: a timeout that is followed by the delivery was one.
        guard let outcome = own.first(where: { $0.status == .delivered }) ?? own.first else {
            return known.isEmpty ? .unknown : .superseded
        }
        return .known(outcome)
    }

    private func tolerance(after delay: Int64) -> Int64 {
        delay == 0 ? toleranceMilliseconds : min(toleranceMilliseconds, max(1000, delay / 2))
    }
}

/// What became of the action that a decision chose.
package enum DecisionLabel: Equatable, Sendable {
    case known(Outcome)
    /// The job was attempted, but through another provider or at another time.
    case superseded
    /// No outcome came while it was waited for.
    case unknown
    /// The time to wait for the outcome is not over.
    case immature
    /// The job was given up, was not due, or waits because nothing was allowed: no attempt was chosen.
    case noAttempt
}

extension DecisionRecord {
    /// Whether an attempt was chosen, by the model or the rules: an action with a row of features, logged or not.
    fileprivate var choosesAttempt: Bool {
        decision.kind != .giveUp && decision.reason != .notDue && !decision.waitsForRoute && job.providers.contains(decision.provider)
    }
}
