internal import Broker
internal import Scoring

/// The messages a job can become. Names and headers are the design's section 4; the job's own bytes are never touched.
enum DecisionMessage {
    /// Name of the header that chains the decisions of one job.
    static let decisionIDHeader = "x-herald-decision-id"

    /// The queue a decision sends its job to.
    static func queue(for decision: Decision, ladder: DelayLadder) -> String {
        switch decision.kind {
        case .dispatch: "herald.dispatch.\(decision.priority.rawValue)"
        case .retry: "herald.retry.\(decision.priority.rawValue).\(step(of: decision, in: ladder))"
        case .giveUp: "herald.undeliverable"
        }
    }

    private static func step(of decision: Decision, in ladder: DelayLadder) -> String {
        guard let step = ladder.steps.first(where: { $0.milliseconds == decision.delayMilliseconds }) else {
            preconditionFailure("decision \(decision.id) waits \(decision.delayMilliseconds) ms, which is no step of the ladder")
        }
        return step.name
    }
}
