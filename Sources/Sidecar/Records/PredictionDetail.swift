internal import Foundation
package import Scoring
package import Store

/// A decision with all that is known of it, as clients get it; no recipient, and no hash of one.
package struct PredictionDetail: Encodable, Sendable {
    /// Decisions of one notification that are told.
    package static let historyLimit = 200

    private let entry: PredictionEntry
    private let job: JobFacts
    private let actions: [Action]
    private let features: [FeatureFact]?
    private let schema: String?
    private let conditions: DecisionConditions?
    private let explanation: DecisionExplanation
    private let history: [PredictionEntry]
    private let isHistoryComplete: Bool

    /// - Parameters:
    ///   - features: names of the feature row's columns; `nil` = not known.
    ///   - history: oldest first, at most `historyLimit` + 1.
    package init(
        _ record: DecisionRecord, outcomes: [Outcome], features names: [String]?, explanation: DecisionExplanation,
        history: [DecisionPage.Entry]
    ) {
        let decision = record.decision
        entry = PredictionEntry(DecisionPage.Entry(record: record, outcomes: outcomes))
        job = JobFacts(record.job)
        actions = decision.actions.enumerated().map { Action($1, isChosen: $0 == decision.chosen, providers: record.job.providers) }
        if let names, names.count == decision.features.count {
            features = zip(names, decision.features).map { FeatureFact(name: $0, value: $1.isFinite ? $1 : nil) }
        } else {
            features = nil
        }
        schema = record.schemaFingerprint
        conditions = decision.conditions
        var explanation = explanation
        if let other = explanation.runnerUp, !(other.probability.isFinite && other.utility.isFinite && other.pointsBehind.isFinite) {
            explanation.runnerUp = nil
        }
        self.explanation = explanation
        isHistoryComplete = history.count <= Self.historyLimit
        self.history = history.prefix(Self.historyLimit).map(PredictionEntry.init)
    }

    private enum CodingKeys: String, CodingKey {
        case job
        case actions
        case features
        case schema
        case conditions
        case explanation
        case history
        case isHistoryComplete = "history_complete"
    }

    package func encode(to encoder: any Encoder) throws {
        try entry.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(job, forKey: .job)
        try container.encode(actions, forKey: .actions)
        try container.encode(features, forKey: .features)
        try container.encode(schema, forKey: .schema)
        try container.encode(conditions, forKey: .conditions)
        try container.encode(explanation, forKey: .explanation)
        try container.encode(history, forKey: .history)
        try container.encode(isHistoryComplete, forKey: .isHistoryComplete)
    }

    /// The job as it was decided on.
    private struct JobFacts: Encodable {
        let provider: String
        let providers: [String]
        let payloadSize: Int
        let createdAt: String
        let sendTime: String
        let expiresAt: String?
        let lastStatus: String
        let responseCode: Int?
        let latencyMilliseconds: Double?
        let lastAttemptAt: String?

        init(_ job: Job) {
            provider = job.provider
            providers = job.providers
            payloadSize = job.payloadSize
            createdAt = job.createdAt.rfc3339
            sendTime = job.sendTime.rfc3339
            expiresAt = job.expiresAt?.rfc3339
            lastStatus = job.lastStatus.rawValue
            responseCode = job.responseCode
            latencyMilliseconds = job.latencyMilliseconds
            lastAttemptAt = job.lastAttemptAt?.rfc3339
        }

        enum CodingKeys: String, CodingKey {
            case provider
            case providers
            case payloadSize = "payload_size"
            case createdAt = "created_at"
            case sendTime = "send_time"
            case expiresAt = "expires_at"
            case lastStatus = "last_status"
            case responseCode = "response_code"
            case latencyMilliseconds = "latency_ms"
            case lastAttemptAt = "last_attempt_at"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(provider, forKey: .provider)
            try container.encode(providers, forKey: .providers)
            try container.encode(payloadSize, forKey: .payloadSize)
            try container.encode(createdAt, forKey: .createdAt)
            try container.encode(sendTime, forKey: .sendTime)
            try container.encode(expiresAt, forKey: .expiresAt)
            try container.encode(lastStatus, forKey: .lastStatus)
            try container.encode(responseCode, forKey: .responseCode)
            try container.encode(latencyMilliseconds, forKey: .latencyMilliseconds)
            try container.encode(lastAttemptAt, forKey: .lastAttemptAt)
        }
    }

    /// A row of the table of actions.
    private struct Action: Encodable {
        let provider: String
        let delayMilliseconds: Int64
        let probability: Float?
        let utility: Double?
        let propensity: Double
        let isChosen: Bool

        init(_ scored: ScoredAction, isChosen: Bool, providers: [String]) {
            provider = providers[scored.action.providerIndex]
            delayMilliseconds = scored.action.delayMilliseconds
            probability = scored.probability.isFinite ? scored.probability : nil
            utility = scored.utility.isFinite ? scored.utility : nil
            propensity = scored.propensity
            self.isChosen = isChosen
        }

        enum CodingKeys: String, CodingKey {
            case provider
            case delayMilliseconds = "delay_ms"
            case probability
            case utility
            case propensity
            case isChosen = "chosen"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(provider, forKey: .provider)
            try container.encode(delayMilliseconds, forKey: .delayMilliseconds)
            try container.encode(probability, forKey: .probability)
            try container.encode(utility, forKey: .utility)
            try container.encode(propensity, forKey: .propensity)
            try container.encode(isChosen, forKey: .isChosen)
        }
    }

    /// A column of the feature row.
    private struct FeatureFact: Encodable {
        let name: String
        let value: Float?

        enum CodingKeys: String, CodingKey {
            case name
            case value
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(value, forKey: .value)
        }
    }
}
