internal import Scoring

/// An index of `decisions` that gives the newest first, and which decisions it walks past.
struct DecisionIndex {
    /// As in `Collection.indexes`.
    let name: String
    /// The field that all decisions walked past have in common; `nil` = every decision.
    let field: StaticString?
    let value: String

    /// Every decision; holds all the fields.
    static let time = DecisionIndex(name: "filters", field: nil, value: "")

    private init(name: String, field: StaticString?, value: String) {
        self.name = name
        self.field = field
        self.value = value
    }

    private init(_ name: String, _ field: StaticString, _ value: String) {
        self.init(name: name, field: field, value: value)
    }

    /// Entries that one step of a search walks past.
    func stepLength(_ limits: DecisionSearchLimits) -> Int {
        field == nil ? limits.timeStep : limits.narrowStep
    }

    /// The indexes that serve a filter, beside the one by time.
    static func narrower(for filter: DecisionFilter) -> [DecisionIndex] {
        // A job or a notification has so few decisions that no other index does better.
        if let jobID = filter.jobID { return [DecisionIndex("job_id", "job_id", jobID)] }
        if let notificationID = filter.notificationID { return [DecisionIndex("notification_id", "notification_id", notificationID)] }
        var indexes: [DecisionIndex] = []
        if let reason = filter.reason { indexes.append(DecisionIndex("reason", "reason", reason.rawValue)) }
        if let model = filter.model { indexes.append(DecisionIndex("model", "model", model)) }
        return indexes
    }
}
