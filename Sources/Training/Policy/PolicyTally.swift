internal import Scoring

/// The sums of an evaluation under way.
struct PolicyTally {
    /// Standard errors by which the weights' mean may exceed what it must be.
    private static let weightTolerance = 4.0

    var report = PolicyReport()
    private let worth: AttemptWorth
    private let options: PolicyEvaluationOptions
    private let survey: LogSurvey
    private var moments = ClusterMoments(width: DecisionSums.allCases.count)
    private var squaredWeights = 0.0
    private var widestRange = 0.0

    init(worth: AttemptWorth, options: PolicyEvaluationOptions, survey: LogSurvey) {
        self.worth = worth
        self.options = options
        self.survey = survey
    }

    /// Whether a decision counts; where it does not, the reason is counted.
    mutating func takes(_ decision: LoggedDecision, learntUntil: Timestamp?) -> Bool {
        let isInPeriod =
            learntUntil.map { decision.job.createdAt >= $0 } ?? true && options.from.map { decision.decidedAt >= $0 } ?? true
            && options.until.map { decision.decidedAt <= $0 } ?? true
        guard isInPeriod else {
            report.leftOut.outsidePeriod += 1
            return false
        }
        switch decision.result {
        case .pending:
            report.leftOut.immature += 1
            return false
        case .missing:
            report.leftOut.withoutOutcome += 1
            return false
        case .outcome, .noAttempt: break
        }
        // What was chosen was not impossible.
        guard let propensity = decision.propensity, propensity > 0 else {
            report.leftOut.withoutPropensity += 1
            return false
        }
        return true
    }

    /// Adds a decision that counts.
    mutating func add(_ decision: LoggedDecision, _ actions: [TargetPolicy.Action]) {
        let job = decision.job
        let merges = decision.mergesDelayedRoutes
        func expectation(_ action: TargetPolicy.Action) -> Double {
            // Without a model nothing is expected; the weights alone carry the estimate then.
            guard !action.probability.isNaN else { return 0 }
            return worth.expectedPoints(
                of: job, probability: Double(action.probability), attemptAt: decision.decidedAt + action.action.delayMilliseconds)
        }
        var sums = [Double](repeating: 0, count: DecisionSums.allCases.count)
        func set(_ component: DecisionSums, _ value: Double) { sums[component.rawValue] = value }
        let points = points(of: decision)
        set(.count, 1)
        set(.logged, points)
        set(.attempting, actions.reduce(0) { $0 + $1.propensity })
        set(.expected, actions.reduce(0) { $0 + $1.propensity * expectation($1) })
        set(.unseen, unseen(decision, actions))
        var isMatched = false
        if case .attempt(let chosen) = decision.choice, let propensity = decision.propensity {
            let number = chosen.number(mergingDelayedRoutes: merges)
            let same = actions.filter { $0.action.number(mergingDelayedRoutes: merges) == number }
            let probability = same.reduce(0) { $0 + $1.propensity }
            if probability > 0 {
                isMatched = true
                let raw = probability / propensity
                let weight = min(raw, options.largestWeight ?? .infinity)
                // Of merged routes the target's own mixture.
                let expected = same.reduce(0) { $0 + $1.propensity * expectation($1) } / probability
                set(.rawWeight, raw)
                set(.weight, weight)
                set(.weighted, weight * points)
                set(.residual, weight * (points - expected))
                set(.cut, (raw - weight) * worth.range(of: job))
                squaredWeights += weight * weight
                widestRange = max(widestRange, worth.range(of: job) + worth.cost(of: job))
                report.largestWeight = max(report.largestWeight, weight)
                if weight < raw { report.clippedCount += 1 }
            }
        } else {
            isMatched = actions.reduce(0) { $0 + $1.propensity } < 1
        }
        if isMatched { report.matchedCount += 1 }
        report.decisionCount += 1
        report.period = min(report.period?.lowerBound ?? decision.decidedAt, decision.decidedAt)...decision.decidedAt
        moments.add(sums, to: job.notificationID.hashValue)
    }

    private func points(of decision: LoggedDecision) -> Double {
        guard case .outcome(let status, let occurredAt) = decision.result else { return 0 }
        return worth.points(of: decision.job, status: status, occurredAt: occurredAt)
    }

    /// The target's probability of actions that the log cannot have chosen, as far as it tells.
    private func unseen(_ decision: LoggedDecision, _ actions: [TargetPolicy.Action]) -> Double {
        var unseen = 0.0
        for action in actions {
            if let supported = decision.supported {
                if !supported.contains(action.action.number(mergingDelayedRoutes: decision.mergesDelayedRoutes)) {
                    unseen += action.propensity
                }
            } else if !survey.shown.isEmpty, survey.shown[LogSurvey.Shown(decision.job, action.action)] == nil {
                unseen += action.propensity
            }
        }
        return unseen
    }

    // MARK: The end

    /// The estimates, or why there are none.
    consuming func finished() -> PolicyReport {
        let totals = moments.totals
        guard report.decisionCount > 0 else {
            report.refusals = [noDecisions]
            return report
        }
        let sums = totals.sums
        func mean(_ component: DecisionSums) -> SumFunction { .mean(component, sums) }
        let weights = sums[DecisionSums.weight.rawValue]
        report.notificationCount = totals.clusterCount
        report.effectiveSize = squaredWeights > 0 ? weights * weights / squaredWeights : 0
        report.attemptingShare = mean(.attempting).value
        report.weightExcess = PolicyEstimate(mean(.rawWeight) - mean(.attempting), totals)
        report.unseenShare = mean(.unseen).value
        report.clippingBound = mean(.cut).value
        if report.clippedCount > 0 {
            let cut = sums[DecisionSums.rawWeight.rawValue] / weights - 1
            report.selfNormalisedClippingBound = report.attemptingShare * cut * widestRange
        }
        let logged = mean(.logged)
        report.logged = PolicyEstimate(logged, totals)
        report.refusals = refusals
        guard report.refusals.isEmpty else { return report }
        report.entries = PolicyReport.Estimator.allCases.map { estimator in
            let value =
                switch estimator {
                case .doublyRobust: mean(.expected) + mean(.residual)
                case .selfNormalised: SumFunction.selfNormalised(.weighted, sums)
                case .inversePropensity: mean(.weighted)
                case .model: mean(.expected)
                }
            return PolicyReport.Entry(
                estimator: estimator, value: PolicyEstimate(value, totals), difference: PolicyEstimate(value - logged, totals))
        }
        return report
    }

    private var noDecisions: PolicyReport.Refusal {
        let left = report.leftOut
        let reason =
            if left.withoutPropensity > 0 {
                "none of \(left.withoutPropensity) decisions has a propensity: the policy that took them must log the probability of what it "
                    + "chose"
            } else if let until = report.learntUntil, left.outsidePeriod > 0 {
                "no decision is on a notification created from \(until.rfc3339) on, and the model has learnt from those before: give a "
                    + "later log, or include what it has learnt from"
            } else {
                "no decision with a known outcome is in the log: \(left.immature) are too young, \(left.withoutOutcome) have no outcome, "
                    + "\(left.outsidePeriod) are outside of the time asked for"
            }
        return PolicyReport.Refusal(code: left.withoutPropensity > 0 ? .missingPropensities : .noDecisions, message: reason)
    }

    private var refusals: [PolicyReport.Refusal] {
        var refusals: [PolicyReport.Refusal] = []
        func refuse(_ code: PolicyReport.Refusal.Code, _ message: String) {
            refusals.append(PolicyReport.Refusal(code: code, message: message))
        }
        let missing = Double(report.leftOut.withoutPropensity)
        let missingShare = missing / (missing + Double(report.decisionCount))
        if missingShare > options.maximumShareWithoutPropensity {
            refuse(
                .missingPropensities,
                "\(percent(missingShare)) of the decisions have no propensity, more than \(percent(options.maximumShareWithoutPropensity)): "
                    + "evaluate a time in which it was logged")
        }
        if let excess = report.weightExcess {
            let tolerance = Self.weightTolerance * excess.standardError
            if excess.value > max(tolerance, 1e-9) {
                refuse(
                    .wrongPropensities,
                    "the weights average \(decimal(excess.value + report.attemptingShare)) and not \(decimal(report.attemptingShare)), more "
                        + "than chance explains: the logged propensities are not those that the decisions were taken with")
            }
            let unsupported = max(report.unseenShare, -excess.upper)
            if unsupported > options.maximumUnsupportedShare {
                refuse(
                    .outsideSupport,
                    "at least \(percent(unsupported)) of what the policy would do could not have been logged, more than "
                        + "\(percent(options.maximumUnsupportedShare)): compare it in a closed loop, or log with exploration that reaches it"
                )
            }
        }
        let floor = max(options.minimumEffectiveSize, options.minimumEffectiveShare * Double(report.decisionCount))
        if report.attemptingShare == 0 {
            refuse(.poorOverlap, "the policy gives up every one of these jobs: its value is 0, and nothing is to be estimated")
        } else if report.effectiveSize < floor {
            let factor = floor / max(report.effectiveSize, 1)
            refuse(
                .poorOverlap,
                "the \(report.decisionCount) decisions are worth \(decimal(report.effectiveSize)) of the policy's own, fewer than "
                    + "\(decimal(floor)): give a log some \(decimal(factor.rounded(.up))) times as long, log with more exploration, or evaluate "
                    + "a policy that is closer to the logged one")
        }
        return refusals
    }

    private func percent(_ share: Double) -> String { "\(decimal(share * 100)) %" }

    /// With three significant digits or as a whole number.
    private func decimal(_ value: Double) -> String {
        guard abs(value) < 100 else { return "\(Int(value.rounded()))" }
        let scale = abs(value) < 1 ? 1000.0 : abs(value) < 10 ? 100 : 10
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
