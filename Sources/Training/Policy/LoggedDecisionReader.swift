internal import Scoring
internal import Store

/// Reads a log decision by decision, with live health as it stood at each of them.
struct LoggedDecisionReader {
    /// One of the two is there.
    private var files: AttemptFiles?
    private var walk: DecisionWalk?
    private let survey: LogSurvey
    private let rule: LabelRule
    /// From a decision to the last attempt that can be its own.
    private let longestDelay: Int64
    /// As it stood at the last decision.
    private(set) var replay = HistoryReplay()
    /// What the last decision adds to it.
    private var unconcluded: Attempt?
    /// Decisions that are no choice: jobs that were not due, or through a provider that was not permitted.
    private(set) var withoutChoice = 0
    /// Retries of a file whose last attempt is not in it: the route of that attempt is a part of the context.
    private(set) var withoutHistory = 0

    /// - Parameter longestDelay: of any action, in milliseconds.
    init(_ source: AttemptSource, survey: LogSurvey, longestDelay: Int64) throws {
        self.survey = survey
        switch source {
        case .files(let paths):
            files = try AttemptFiles(paths: paths)
            rule = LabelRule()
        case .decisions(let log):
            walk = try DecisionWalk(log, withRows: true, withLabels: true)
            rule = log.rule
        }
        self.longestDelay = longestDelay + rule.toleranceMilliseconds
    }

    /// How old a decision must be for its outcome to count, whichever action was chosen.
    private var horizonMilliseconds: Int64 { longestDelay + rule.maturityMilliseconds }

    /// Share that has been read, 0 to 1.
    var share: Double { files?.share ?? walk?.share ?? 1 }

    /// Rows of a file whose job id has occurred before.
    var duplicates: Int { files?.duplicateCount ?? 0 }

    /// SHA-256 of the files' bytes; empty for a log of decisions.
    var sha256: String { files?.sha256 ?? "" }

    /// The next decision; `nil` behind the last.
    mutating func next() throws -> LoggedDecision? {
        if let unconcluded { replay.conclude(unconcluded) }
        unconcluded = nil
        if files != nil {
            while let attempt = try files?.next() {
                if let decision = logged(attempt) { return decision }
                replay.conclude(attempt)
            }
            return nil
        }
        while let step = try walk?.next({ replay.hear($0) }) {
            replay.advance(to: step.record.decision.decidedAt)
            if let decision = logged(step) { return decision }
        }
        return nil
    }

    private mutating func logged(_ attempt: Attempt) -> LoggedDecision? {
        var context = attempt
        // The file's route is the action. It must not leak into the context: a first attempt has no caller's route, a retry the last one's.
        context.job.provider = ""
        context.job.providers = [""]
        replay.prepare(&context)
        guard attempt.job.previousAttempts == 0 || !context.job.provider.isEmpty else {
            withoutHistory += 1
            return nil
        }
        let used = attempt.job.providers[attempt.action.providerIndex]
        guard let routes = survey.routes[attempt.job.channel], let index = routes.firstIndex(of: used) else {
            withoutChoice += 1
            return nil
        }
        context.job.providers = routes
        unconcluded = attempt
        let action = CandidateAction(delayMilliseconds: attempt.action.delayMilliseconds, providerIndex: index)
        return LoggedDecision(
            job: context.job, decidedAt: attempt.decidedAt, choice: .attempt(action), propensity: attempt.propensity,
            result: result(of: attempt), mergesDelayedRoutes: false)
    }

    private func result(of attempt: Attempt) -> LoggedDecision.Result {
        // A file in which no outcome is waited for is complete; in any other, the last decisions have only their quick outcomes.
        if survey.pendingCount > 0, attempt.decidedAt + horizonMilliseconds > survey.knownUntil { return .pending }
        guard let outcome = attempt.outcome else { return .missing }
        return .outcome(outcome.status, occurredAt: outcome.occurredAt)
    }

    private mutating func logged(_ step: DecisionWalk.Step) -> LoggedDecision? {
        let (job, decision) = (step.record.job, step.record.decision)
        var logged = LoggedDecision(
            job: job, decidedAt: decision.decidedAt, choice: .giveUp, propensity: decision.propensity, result: .noAttempt,
            conditions: decision.conditions, mergesDelayedRoutes: false)
        guard decision.kind != .giveUp else {
            // Known at once, but to count it before its neighbours would make giving up more frequent among the young.
            if decision.decidedAt + horizonMilliseconds > survey.knownUntil { logged.result = .pending }
            return logged
        }
        guard decision.reason != .notDue, let provider = job.providers.firstIndex(of: decision.provider) else {
            withoutChoice += 1
            return nil
        }
        let action = CandidateAction(delayMilliseconds: decision.delayMilliseconds, providerIndex: provider)
        logged.choice = .attempt(action)
        logged.result = result(of: step)
        let likely = decision.actions.filter { $0.propensity > 0 }
        if decision.waitsForRoute {
            // To wait was all that it could choose; through which route is for the decision after it.
            logged.mergesDelayedRoutes = true
            logged.supported = [action.number(mergingDelayedRoutes: true)]
        } else if decision.reason == .probe, decision.conditions != nil {
            // With the chance that this job became a probe; the conditions say that it did, and then it was certain.
            logged.propensity = 1
        } else if abs(likely.reduce(0) { $0 + $1.propensity } - 1) < 1e-6 {
            // All that could have been chosen is there.
            logged.mergesDelayedRoutes = true
            let number = action.number(mergingDelayedRoutes: true)
            logged.propensity = likely.filter { $0.action.number(mergingDelayedRoutes: true) == number }.reduce(0) { $0 + $1.propensity }
            logged.supported = Set(likely.map { $0.action.number(mergingDelayedRoutes: true) })
        }
        return logged
    }

    /// What came of the one attempt of the job, whichever later decision made it.
    private func result(of step: DecisionWalk.Step) -> LoggedDecision.Result {
        let decidedAt = step.record.decision.decidedAt
        guard decidedAt + horizonMilliseconds <= survey.knownUntil else { return .pending }
        let attempts = step.outcomes.filter { $0.attemptedAt >= decidedAt + -rule.toleranceMilliseconds }
        let own = attempts.filter { outcome in
            outcome.attemptedAt <= decidedAt + longestDelay && outcome.occurredAt <= outcome.attemptedAt + rule.maturityMilliseconds
        }
        // What arrived has arrived, whatever was thought of it before.
        if let outcome = own.first(where: { $0.status == .delivered }) ?? own.first {
            return .outcome(outcome.status, occurredAt: outcome.occurredAt)
        }
        // Put off again and again, longer than any one decision can: no attempt followed from this one.
        let isLater = !attempts.isEmpty && attempts.allSatisfy { $0.attemptedAt > decidedAt + longestDelay }
        return isLater || survey.unattempted.contains(step.record.job.jobID.hashValue) ? .noAttempt : .missing
    }
}
