/// What an answer had to do without.
///
/// Raw values are the words in `degraded`.
package enum Degradation: String, CaseIterable, Sendable, Codable {
    /// There is no model: the rule policy decides.
    case model
    /// The broker is away: live health is as it was when it went.
    case broker
    /// The database is away: the decision is not in the log, or not yet.
    case database
}
