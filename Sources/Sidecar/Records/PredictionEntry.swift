package import Scoring
package import Store

/// A decision in a list, as clients get it: without recipient, hash, feature row and action set.
package struct PredictionEntry: Encodable, Sendable {
    private let decisionID: String
    private let jobID: String
    private let notificationID: String
    private let decidedAt: String
    private let source: String
    private let channel: String
    private let provider: String
    private let country: String
    private let template: String
    private let action: String
    private let priority: String
    private let reason: String
    private let probability: Float?
    private let delayMilliseconds: Int64
    private let propensity: Double
    private let model: String
    private let policy: String
    private let previousAttempts: Int
    private let outcome: OutcomeWord
    private let outcomes: [OutcomeEntry]

    package init(_ entry: DecisionPage.Entry) {
        let (job, decision) = (entry.record.job, entry.record.decision)
        decisionID = decision.id.text
        jobID = job.jobID
        notificationID = job.notificationID
        decidedAt = decision.decidedAt.rfc3339
        source = entry.record.source.rawValue
        channel = job.channel.rawValue
        provider = decision.provider
        country = job.recipientCountry.description
        template = job.templateType.rawValue
        action = decision.kind.rawValue
        priority = decision.priority.rawValue
        reason = decision.reason.rawValue
        probability = decision.probability.isFinite ? decision.probability : nil
        delayMilliseconds = decision.delayMilliseconds
        propensity = decision.propensity
        model = decision.model
        policy = decision.policy
        previousAttempts = job.previousAttempts
        outcome = OutcomeWord(decision.kind, entry.outcomes)
        outcomes = entry.outcomes.suffix(OutcomeEntry.limit).map(OutcomeEntry.init)
    }

    private enum CodingKeys: String, CodingKey {
        case decisionID = "decision_id"
        case jobID = "job_id"
        case notificationID = "notification_id"
        case decidedAt = "decided_at"
        case source
        case channel
        case provider
        case country
        case template
        case action
        case priority
        case reason
        case probability
        case delayMilliseconds = "delay_ms"
        case propensity
        case model
        case policy
        case previousAttempts = "previous_attempts"
        case outcome
        case outcomes
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(decisionID, forKey: .decisionID)
        try container.encode(jobID, forKey: .jobID)
        try container.encode(notificationID, forKey: .notificationID)
        try container.encode(decidedAt, forKey: .decidedAt)
        try container.encode(source, forKey: .source)
        try container.encode(channel, forKey: .channel)
        try container.encode(provider, forKey: .provider)
        try container.encode(country, forKey: .country)
        try container.encode(template, forKey: .template)
        try container.encode(action, forKey: .action)
        try container.encode(priority, forKey: .priority)
        try container.encode(reason, forKey: .reason)
        // Missing is said and not left out.
        try container.encode(probability, forKey: .probability)
        try container.encode(delayMilliseconds, forKey: .delayMilliseconds)
        try container.encode(propensity, forKey: .propensity)
        try container.encode(model, forKey: .model)
        try container.encode(policy, forKey: .policy)
        try container.encode(previousAttempts, forKey: .previousAttempts)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(outcomes, forKey: .outcomes)
    }
}

/// One report on an attempt.
package struct OutcomeEntry: Encodable, Sendable {
    /// Of a job, the newest.
    static let limit = 20

    private let status: String
    private let provider: String
    private let responseCode: Int?
    private let latencyMilliseconds: Double?
    private let attemptedAt: String
    private let occurredAt: String

    package init(_ outcome: Outcome) {
        status = outcome.status.rawValue
        provider = outcome.provider
        responseCode = outcome.responseCode
        latencyMilliseconds = outcome.latencyMilliseconds
        attemptedAt = outcome.attemptedAt.rfc3339
        occurredAt = outcome.occurredAt.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case provider
        case responseCode = "response_code"
        case latencyMilliseconds = "latency_ms"
        case attemptedAt = "attempted_at"
        case occurredAt = "occurred_at"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status, forKey: .status)
        try container.encode(provider, forKey: .provider)
        try container.encode(responseCode, forKey: .responseCode)
        try container.encode(latencyMilliseconds, forKey: .latencyMilliseconds)
        try container.encode(attemptedAt, forKey: .attemptedAt)
        try container.encode(occurredAt, forKey: .occurredAt)
    }
}
