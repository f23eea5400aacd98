internal import Scoring

/// Writes decisions as the answers of `/predict`.
struct PredictionWriter {
    private var json = JSONWriter(capacity: 8192)

    /// Bytes that it has memory for.
    var capacity: Int { json.bytes.capacity }

    /// The answer so far.
    var bytes: [UInt8] { json.bytes }

    mutating func beginSingle() {
        json.removeAll()
    }

    mutating func beginBatch() {
        json.removeAll()
        json.openObject()
        json.openArray("predictions")
    }

    mutating func endBatch() {
        json.closeArray()
        json.closeObject()
    }

    mutating func write(_ decision: Decision, on job: Job, explanation: DecisionExplanation?, degraded: [Degradation]) {
        json.openObject()
        json.write("decision_id", decision.id.text)
        json.write("job_id", job.jobID)
        json.write("notification_id", job.notificationID)
        json.write("decided_at", decision.decidedAt)
        json.write("action", decision.kind.rawValue)
        // Without a chosen action there is no probability.
        if decision.probability.isFinite { json.write("probability", decision.probability) } else { json.writeNull("probability") }
        json.write("priority", decision.priority.rawValue)
        json.write("delay_ms", decision.delayMilliseconds)
        json.write("provider", decision.provider)
        json.write("model", decision.model)
        json.write("policy", decision.policy)
        json.write("reason", decision.reason.rawValue)
        json.write("propensity", decision.propensity)
        write(decision.actions, of: job)
        if let chosen = decision.chosen { json.write("chosen", chosen) } else { json.writeNull("chosen") }
        if let explanation { write(explanation) }
        json.write("degraded", degraded.map(\.rawValue))
        json.closeObject()
    }

    /// A job of a batch that could not be decided on.
    mutating func write(_ problem: Problem.Document) {
        json.openObject()
        json.openObject("error")
        json.write("type", problem.type)
        json.write("title", problem.title)
        json.write("status", problem.status)
        json.write("detail", problem.detail)
        json.write("field", problem.field)
        json.closeObject()
        json.closeObject()
    }

    private mutating func write(_ actions: [ScoredAction], of job: Job) {
        json.openArray("actions")
        for scored in actions {
            json.openObject()
            json.write("provider", job.providers[scored.action.providerIndex])
            json.write("delay_ms", scored.action.delayMilliseconds)
            json.write("probability", scored.probability)
            json.write("utility", scored.utility)
            json.write("propensity", scored.propensity)
            json.closeObject()
        }
        json.closeArray()
    }

    private mutating func write(_ explanation: DecisionExplanation) {
        json.write("sentence", explanation.sentence)
        json.openArray("reasons")
        for contribution in explanation.contributions {
            json.openObject()
            json.write("feature", contribution.name)
            json.write("value", contribution.value)
            json.write("log_odds", contribution.logOdds)
            json.closeObject()
        }
        json.closeArray()
        if let method = explanation.method { json.write("attribution", method) }
        if let base = explanation.base { json.write("base_log_odds", base) }
        guard let runnerUp = explanation.runnerUp else { return json.writeNull("runner_up") }
        json.openObject("runner_up")
        json.write("provider", runnerUp.provider)
        json.write("delay_ms", runnerUp.delayMilliseconds)
        json.write("probability", runnerUp.probability)
        json.write("utility", runnerUp.utility)
        json.write("points_behind", runnerUp.pointsBehind)
        json.closeObject()
    }
}
