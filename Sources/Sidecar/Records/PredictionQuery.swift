package import Hummingbird
internal import Scoring
package import Store

/// The parameters of `GET /predictions`, checked.
package struct PredictionQuery: Sendable {
    package var filter = DecisionFilter()
    package var position: DecisionPosition?
    package var limit: Int

    package static let limits = 1...500
    package static let defaultLimit = 50
    static let names: Set<String> = [
        "channel", "provider", "country", "template", "action", "priority", "reason", "model", "policy", "source", "outcome",
        "notification_id", "job_id", "from", "to", "limit", "cursor",
    ]

    package init(_ request: Request) throws(Problem) {
        let query = try Query(request, allowing: Self.names)
        filter.channel = try query.word("channel", Channel.self)
        filter.provider = try query.text("provider")
        filter.country = try Self.country(query)
        filter.template = try query.word("template", TemplateType.self)
        filter.action = try query.word("action", DecisionKind.self)
        filter.priority = try query.word("priority", Priority.self)
        filter.reason = try query.word("reason", DecisionReason.self)
        filter.model = try query.text("model", limit: 64)
        filter.policy = try query.text("policy", limit: 64)
        filter.source = try query.word("source", DecisionSource.self)
        filter.outcome = try query.word("outcome", OutcomeWord.self)?.result
        filter.notificationID = try query.text("notification_id")
        filter.jobID = try query.text("job_id")
        filter.from = try query.time("from")
        filter.to = try query.time("to")
        if let from = filter.from, let to = filter.to, from >= to {
            throw Problem(.invalidParameter, "from must be before to", field: "from")
        }
        limit = try query.integer("limit", in: Self.limits) ?? Self.defaultLimit
        if let text = try query.text("cursor", limit: 64) {
            guard let cursor = PageCursor(text) else {
                throw Problem(.invalidParameter, "cursor must be the next of an earlier page, unchanged", field: "cursor")
            }
            position = cursor.position
        }
    }

    private static func country(_ query: Query) throws(Problem) -> CountryCode? {
        guard let text = try query.text("country") else { return nil }
        guard let country = CountryCode(text) else {
            throw Problem(.invalidParameter, "country must be an ISO 3166-1 code of two capital letters, as in DE", field: "country")
        }
        return country
    }
}

/// The words of the parameter `outcome` and of the member of that name.
package enum OutcomeWord: String, CaseIterable, Sendable, Encodable {
    case delivered
    case failed
    case pending
    case notAttempted = "not_attempted"
    case softBounce = "soft_bounce"
    case hardBounce = "hard_bounce"
    case timeout
    case throttled
    case rejected
    case unregistered

    package var result: DecisionFilter.AttemptResult {
        switch self {
        case .delivered: .delivered
        case .failed: .failed
        case .pending: .pending
        case .notAttempted: .notAttempted
        case .softBounce: .status(.softBounce)
        case .hardBounce: .status(.hardBounce)
        case .timeout: .status(.timeout)
        case .throttled: .status(.throttled)
        case .rejected: .status(.rejected)
        case .unregistered: .status(.unregistered)
        }
    }

    /// What became of a decision's job: one of the first four.
    init(_ kind: DecisionKind, _ outcomes: [Outcome]) {
        self =
            switch DecisionFilter.AttemptResult(kind, outcomes) {
            case .delivered: .delivered
            case .failed, .status: .failed
            case .pending: .pending
            case .notAttempted: .notAttempted
            }
    }
}
