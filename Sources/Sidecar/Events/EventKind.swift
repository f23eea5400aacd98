/// The kinds of events of `GET /events`.
///
/// Raw values are the names in the stream.
package enum EventKind: String, CaseIterable, Sendable {
    /// A decision was stored.
    case decision
    /// An outcome was stored.
    case outcome
    /// The queues were measured.
    case queues
    /// A version was registered, promoted, rolled back or refused.
    case model
    /// What the sidecar depends on came or went.
    case health

    /// Whether it comes from the database.
    var isStored: Bool {
        switch self {
        case .decision, .outcome, .model: true
        case .queues, .health: false
        }
    }
}
