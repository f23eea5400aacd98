/// The one sentence about a decision.
struct DecisionSentence {
    /// What a column must do at least, in log-odds, to be worth a clause.
    private static let notable = 0.1

    let decision: Decision
    let job: Job
    /// The strongest first.
    let contributions: [FeatureValue]
    let runnerUp: DecisionExplanation.Alternative?

    /// Ends with a full stop.
    var text: String {
        switch decision.reason {
        case .circuitOpen where decision.chosen == nil:
            "Wait \(delay), then decide again: every way is cut off by its circuit breaker."
        case .rateLimited where decision.chosen == nil:
            "Wait \(delay), then decide again: every way has as much to do as it takes."
        case .retryBudget where decision.chosen == nil && decision.kind == .retry:
            "Wait \(delay), then decide again: there have been more retries than first attempts pay for."
        case .bestUtility, .circuitOpen, .rateLimited: "\(action): \(expectation)\(because)\(next)."
        case .lastChance: "\(action), whatever stands against it, since later would be too late: \(expectation)\(because)\(next)."
        case .exploration: "\(action) to learn what that brings: \(expectation)\(because)\(next)."
        case .probe: "\(action) to test whether it has recovered: \(expectation)\(because)\(next)."
        case .retryBudget:
            decision.chosen == nil
                ? "Give up: there have been more retries than first attempts pay for\(unpaid)."
                : "\(action): \(expectation)\(because)\(next)."
        case .notDue: "Wait \(delay), then decide again: it is not due for \(duration(decision.decidedAt, job.sendTime))."
        case .expired: "Give up: \(expiry)."
        case .permanentFailure: "Give up: the last attempt ended as \(job.lastStatus.words)\(code), which no further attempt can change."
        case .alreadyDelivered: "Nothing to do: it was delivered already."
        case .attemptsExhausted:
            "Give up: \(Wording.count(Double(job.previousAttempts), "attempt", "attempts")) failed, as many as the policy allows "
                + "for \(job.templateType.words)."
        case .notWorthwhile: "Give up: no attempt is worth its cost\(bestOfNone)."
        case .noModel: "\(action): there is no model, so the rules decide\(failures)."
        case .latencyBudget: "\(action): the model took too long, so the rules decide\(failures)."
        }
    }

    private var action: String {
        let way = "through \(decision.provider)" + (decision.provider == job.provider ? "" : " instead of \(job.provider)")
        return switch decision.kind {
        case .dispatch: "Send now \(way)"
        case .retry: "Wait \(delay), then send \(way)"
        case .giveUp: "Give up"
        }
    }

    private var delay: String { Wording.duration(milliseconds: Double(decision.delayMilliseconds)) }

    private var expectation: String {
        "\(Wording.percent(Double(decision.probability))) likely to be delivered"
    }

    /// The strongest column that speaks for the action, and the strongest against it.
    private var because: String {
        var text = ""
        if let column = contributions.first(where: { $0.logOdds >= Self.notable }) {
            text += ", because \(column.fact(decision: decision, job: job))"
        }
        if let column = contributions.first(where: { $0.logOdds <= -Self.notable }) {
            text += ", although \(column.fact(decision: decision, job: job))"
        }
        return text
    }

    private var next: String {
        guard let runnerUp else { return "; there is no other way" }
        let way = "\(runnerUp.provider) \(Self.when(runnerUp.delayMilliseconds))"
        if runnerUp.pointsBehind == 0 { return "; \(way) would be worth the same" }
        let points = Wording.points(runnerUp.pointsBehind)
        if runnerUp.pointsBehind > 0 { return "; next best is \(way), worth \(points) less" }
        return "; \(way) would be worth \(points) more\(obstacle(to: runnerUp))"
    }

    /// Why an action that is worth more was not taken.
    private func obstacle(to action: DecisionExplanation.Alternative) -> String {
        let route = job.providers.firstIndex(of: action.provider).flatMap { index in
            decision.conditions.flatMap { $0.routes.indices.contains(index) ? $0.routes[index] : nil }
        }
        switch decision.reason {
        case .exploration: return ", but a few jobs try what is nearly as good"
        case .lastChance: return ", but that is cut off or busy too"
        case .probe: return ", but a few jobs test a route that has failed"
        case .circuitOpen:
            let closed = route?.closedForMilliseconds ?? 0
            let time = closed > 0 ? " for another \(Wording.duration(milliseconds: Double(closed)))" : ""
            return ", but its circuit breaker is open\(time)"
        case .rateLimited: return ", but it has as much to do as it takes"
        case .retryBudget: return ", but there have been more retries than first attempts pay for"
        default: return ""
        }
    }

    private var unpaid: String {
        guard let runnerUp else { return "" }
        return "; \(runnerUp.provider) \(Self.when(runnerUp.delayMilliseconds)) would be "
            + "\(Wording.percent(Double(runnerUp.probability))) likely to be delivered"
    }

    private var bestOfNone: String {
        guard let runnerUp else { return "" }
        return "; the best, \(runnerUp.provider) \(Self.when(runnerUp.delayMilliseconds)), is "
            + "\(Wording.percent(Double(runnerUp.probability))) likely to be delivered and costs "
            + "\(Wording.points(runnerUp.utility)) more than that is worth"
    }

    private var expiry: String {
        guard let expiresAt = job.expiresAt else { return "it has expired" }
        return expiresAt > decision.decidedAt
            ? "it expires in \(duration(decision.decidedAt, expiresAt)), before it is due"
            : "it expired \(expiresAt == decision.decidedAt ? "just now" : "\(duration(expiresAt, decision.decidedAt)) ago")"
    }

    private var code: String { job.responseCode.map { " (code \($0))" } ?? "" }

    private var failures: String {
        job.previousAttempts == 0
            ? "" : ", after \(Wording.count(Double(job.previousAttempts), "failed attempt", "failed attempts"))"
    }

    private static func when(_ delayMilliseconds: Int64) -> String {
        delayMilliseconds == 0 ? "now" : "in \(Wording.duration(milliseconds: Double(delayMilliseconds)))"
    }

    private func duration(_ start: Timestamp, _ end: Timestamp) -> String {
        Wording.duration(milliseconds: Double(end - start))
    }
}
