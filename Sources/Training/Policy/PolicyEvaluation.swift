package import Scoring
internal import Store

/// Off-policy evaluation: what a policy would have achieved on decisions that another one took.
///
/// **Estimand.** The mean, over the logged decisions, of the value of one decision of the target policy e in the context x that the logging
/// policy b had brought about: V(e) = mean over x of Σₐ e(a|x) · q(x, a), where q(x, a) is the expected worth, in points, of the attempt that
/// follows action a in x: value of the template, decayed by the lateness of the delivery, less the attempt's cost (`AttemptWorth`); 0 for
/// giving up. Health, queues and history are those of the log, and so are breakers, prices and budgets where it tells of them
/// (`DecisionConditions`); where it does not, nothing is overridden and nothing explored. What is still to be had after a failure is not counted, and neither is what
/// the target's own decisions would do to later contexts: that is what the closed loop measures. Files: the attempt is made as it was
/// decided. A log of Herald's own decisions: a job that is put off comes back and is decided anew, so a = "wait this long", whatever the
/// route, and q is the worth of the attempt that the logging policy makes of it then, 0 where it makes none within the longest delay.
///
/// **Estimators**, with y the worth of what was done, w = e(a|x) / b(a|x) (clipped where that is asked for; 0 where the job was given up),
/// q̂ the target's model's calibrated probability times value less cost, and m(x) = Σₐ e(a|x) the probability of attempting at all:
///
///     IPS = mean(w·y)    SNIPS = mean(m) · Σw·y / Σw    DR = mean(Σₐ e(a|x)·q̂(x,a) + w·(y − q̂(x,a)))
///
/// Dudík, Langford and Li (2011), "Doubly robust policy evaluation and learning"; Swaminathan and Joachims (2015), "The self-normalized
/// estimator for counterfactual learning". q̂ must not have learnt from the same notifications, so those that the model has learnt from
/// are left out: a file that is the model's own counts from its test period on, any other from the end of the model's data on.
///
/// **Intervals** are those of the normal distribution at 95 %, with the variance by linearisation over notifications (`ClusterMoments`);
/// differences to the logged policy are paired, decision by decision.
package struct PolicyEvaluation {
    private let source: AttemptSource
    private let target: TargetPolicy
    private let worth: AttemptWorth
    private let options: PolicyEvaluationOptions

    /// - Parameters:
    ///   - yardstick: what deliveries are worth and attempts cost, for both policies.
    /// - Throws: `TrainingError` for an option out of its range.
    package init(
        _ source: AttemptSource, target: TargetPolicy, yardstick: PolicyParameters,
        options: PolicyEvaluationOptions = PolicyEvaluationOptions()
    ) throws {
        try options.validate()
        self.source = source
        self.target = target
        worth = AttemptWorth(yardstick)
        self.options = options
    }

    /// Reads the log twice; throws `AttemptLogError`, `StoreError` or `TrainingError` where it cannot be read.
    ///
    /// - Parameters:
    ///   - take: gets the job and the time of every decision that counts, and what the target may do with it.
    ///   - progress: gets the decisions read and the share that is done.
    package func run(
        take: (_ job: Job, _ decidedAt: Timestamp, _ actions: [TargetPolicy.Action]) throws -> Void = { _, _, _ in },
        progress: (_ decisions: Int, _ share: Double) -> Void = { _, _ in }
    ) throws -> PolicyReport {
        let survey = try LogSurvey(source) { progress($0, $1 / 2) }
        let learntUntil = try learntUntil(survey)
        var tally = PolicyTally(worth: worth, options: options, survey: survey)
        tally.report.learntUntil = learntUntil
        let longestDelay = max(target.longestDelay, survey.longestDelay)
        var reader = try LoggedDecisionReader(source, survey: survey, longestDelay: longestDelay)
        var workspace = ScoringWorkspace()
        var read = 0
        while let decision = try reader.next() {
            read += 1
            if read % AttemptLog.progressRows == 0 { progress(read, (1 + reader.share) / 2) }
            guard tally.takes(decision, learntUntil: learntUntil) else { continue }
            let actions = target.actions(
                for: decision.job, at: decision.decidedAt, health: reader.replay.health, conditions: decision.conditions,
                workspace: &workspace)
            try take(decision.job, decision.decidedAt, actions)
            tally.add(decision, actions)
        }
        guard reader.sha256 == survey.sha256 else {
            throw AttemptLogError(source.description, "was changed while it was read; evaluate again")
        }
        let dropped = reader.replay.health.counts.dropped
        guard dropped == 0 else {
            throw AttemptLogError(
                source.description, "\(dropped) outcomes do not fit live health: too many at once, too many providers, or times far apart")
        }
        tally.report.leftOut.withoutChoice = reader.withoutChoice
        tally.report.leftOut.withoutHistory = reader.withoutHistory
        tally.report.leftOut.duplicate = reader.duplicates
        progress(read, 1)
        return tally.finished()
    }

    /// The time before which the model has learnt from the notifications that were created; `nil` = there is no such time.
    private func learntUntil(_ survey: LogSurvey) throws -> Timestamp? {
        guard let learnt = target.learnt, !options.includesLearnt else { return nil }
        if survey.sha256 == learnt.data.sha256, let periods = learnt.training?.periods {
            let rows = try AttemptSurvey(source) { _, _ in }
            guard let split = rows.split(rowCounts: periods.map(\.rows)) else {
                throw TrainingError(
                    .insufficientData, "\(source) cannot be divided into the periods that \(learnt.modelVersion) tells of")
            }
            return split.testFrom
        }
        // The next millisecond: a notification of the last decision itself was learnt from.
        return learnt.data.to + 1
    }
}
