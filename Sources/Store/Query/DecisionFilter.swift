package import Scoring

/// Which decisions are asked for; `nil` = any.
package struct DecisionFilter: Equatable, Sendable {
    package var channel: Channel?
    package var provider: String?
    package var country: CountryCode?
    package var template: TemplateType?
    package var action: DecisionKind?
    package var priority: Priority?
    package var reason: DecisionReason?
    package var model: String?
    package var policy: String?
    package var source: DecisionSource?
    package var outcome: AttemptResult?
    package var notificationID: String?
    package var jobID: String?
    /// Decided at this time or later.
    package var from: Timestamp?
    /// Decided before this time.
    package var to: Timestamp?

    package init() {}

    /// What became of the job of a decision.
    package enum AttemptResult: Equatable, Sendable {
        /// One of its outcomes is `delivered`.
        case delivered
        /// It has outcomes, and none of them is `delivered`.
        case failed
        /// It has none yet and was not given up.
        case pending
        /// It was given up and has none.
        case notAttempted
        /// One of its outcomes has this status.
        case status(DeliveryStatus)

        /// Whether a decision with these outcomes is one of those.
        package func accepts(_ kind: DecisionKind, _ outcomes: [Outcome]) -> Bool {
            switch self {
            case .status(let status): outcomes.contains { $0.status == status }
            case .delivered, .failed, .pending, .notAttempted: self == Self(kind, outcomes)
            }
        }

        /// The state that the outcomes of a decision's job amount to; never `.status`.
        package init(_ kind: DecisionKind, _ outcomes: [Outcome]) {
            guard !outcomes.isEmpty else {
                self = kind == .giveUp ? .notAttempted : .pending
                return
            }
            self = outcomes.contains { $0.status == .delivered } ? .delivered : .failed
        }
    }

    /// The last millisecond that a search looks at; RFC 3339 goes no further.
    static let latest: Int64 = 253_402_300_799_999

    /// Milliseconds of the decisions asked for; `nil` where there can be none.
    var times: ClosedRange<Int64>? {
        let first = from?.milliseconds ?? 0
        let last = to.map { $0.milliseconds - 1 } ?? Self.latest
        return first <= last ? first...last : nil
    }

    /// Whether an index has to be searched for what matches.
    var isSelective: Bool {
        var timesAlone = DecisionFilter()
        (timesAlone.from, timesAlone.to, timesAlone.outcome) = (from, to, outcome)
        return self != timesAlone
    }

    /// Writes what the fields of a decision must equal, times apart.
    func writeFields(to writer: inout DocumentWriter) {
        if let channel { writer.string("channel", channel.rawValue) }
        if let provider { writer.string("provider", provider) }
        if let country { writer.string("recipient_country", country.description) }
        if let template { writer.string("template_type", template.rawValue) }
        if let action { writer.string("action", action.rawValue) }
        if let priority { writer.string("priority", priority.rawValue) }
        if let reason { writer.string("reason", reason.rawValue) }
        if let model { writer.string("model", model) }
        if let policy { writer.string("policy", policy) }
        if let source { writer.string("source", source.rawValue) }
        if let notificationID { writer.string("notification_id", notificationID) }
        if let jobID { writer.string("job_id", jobID) }
    }
}
