/// What a caller may do; `admin` may do everything.
package enum Role: String, CaseIterable, Sendable, Codable {
    /// Ask for predictions.
    case predict
    /// Look at decisions, models, queues and metrics.
    case read
    /// Start and cancel training runs.
    case train
    /// Promote models, move quarantined messages, and all the rest.
    case admin
}
