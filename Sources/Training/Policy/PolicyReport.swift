package import Scoring

/// What a policy evaluation found.
package struct PolicyReport: Equatable, Sendable {
    /// A way to estimate the target's value.
    package enum Estimator: String, CaseIterable, Sendable {
        /// Doubly robust: the model's expectation, corrected by what it is wrong by on the logged actions.
        case doublyRobust = "dr"
        /// Self-normalised inverse propensity score.
        case selfNormalised = "snips"
        /// Inverse propensity score.
        case inversePropensity = "ips"
        /// What the target's model expects, uncorrected: no estimate of its own, but what the others are to be compared with.
        case model
    }

    /// One estimate of the target's value.
    package struct Entry: Equatable, Sendable {
        package var estimator: Estimator
        /// Points per decision.
        package var value: PolicyEstimate
        /// Less the value of what was done, on the same decisions.
        package var difference: PolicyEstimate

        package init(estimator: Estimator, value: PolicyEstimate, difference: PolicyEstimate) {
            self.estimator = estimator
            self.value = value
            self.difference = difference
        }
    }

    /// Decisions that are not in the estimates, by the reason.
    package struct LeftOut: Equatable, Sendable {
        /// On notifications from before the end of what the model has learnt from, or outside of the time that was asked for.
        package var outsidePeriod = 0
        /// Younger than the longest delay and the maturity window together, whatever is known of them.
        package var immature = 0
        /// Of which no outcome came in time.
        package var withoutOutcome = 0
        package var withoutPropensity = 0
        /// Retries whose last attempt is not in the files.
        package var withoutHistory = 0
        /// Jobs that were not due, or that went through a provider that was not permitted.
        package var withoutChoice = 0
        /// Rows of a file whose job id has occurred before.
        package var duplicate = 0
    }

    /// Why there is no estimate, and what to do about it.
    package struct Refusal: Equatable, Sendable {
        package enum Code: String, Sendable {
            case noDecisions = "no_decisions"
            case missingPropensities = "missing_propensities"
            case wrongPropensities = "wrong_propensities"
            case outsideSupport = "outside_support"
            case poorOverlap = "poor_overlap"
        }

        package var code: Code
        /// One sentence.
        package var message: String

        package init(code: Code, message: String) {
            self.code = code
            self.message = message
        }
    }

    package var decisionCount = 0
    package var notificationCount = 0
    /// Time of the first and of the last decision; `nil` without any.
    package var period: ClosedRange<Timestamp>?
    /// Decisions of which the target might have done the same.
    package var matchedCount = 0
    /// (Σw)² / Σw² of the clipped weights.
    package var effectiveSize = 0.0
    package var largestWeight = 0.0
    /// Weights that were clipped.
    package var clippedCount = 0
    /// The largest error that clipping can have made in `dr` and `ips`, in points, either way.
    package var clippingBound = 0.0
    /// The same of `snips`, whose norm is clipped as well.
    package var selfNormalisedClippingBound = 0.0
    /// Share of the decisions that the target would attempt.
    package var attemptingShare = 0.0
    /// Mean of the weights less the share of the decisions that the target would attempt: 0 where propensities are right and every action that
    /// the target chooses could have been logged; below 0 by the share of those that could not.
    package var weightExcess: PolicyEstimate?
    /// The target's probability of actions that the log cannot have chosen, as far as it tells: a lower bound.
    package var unseenShare = 0.0
    /// The value of what was done, in points per decision.
    package var logged: PolicyEstimate?
    /// Empty where the evaluation is refused.
    package var entries: [Entry] = []
    package var leftOut = LeftOut()
    /// Empty where the estimates stand.
    package var refusals: [Refusal] = []
    /// From when on a notification must have been created, because the model has learnt from earlier ones; `nil` = there is no such time.
    package var learntUntil: Timestamp?

    package init() {}

    package subscript(estimator: Estimator) -> Entry? { entries.first { $0.estimator == estimator } }
}
