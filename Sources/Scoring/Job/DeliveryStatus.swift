/// How an attempt ended.
///
/// Raw values are the words of the job's `last_status` and the outcome's `status`.
package enum DeliveryStatus: String, CaseIterable, Sendable {
    /// No attempt was made yet.
    case none
    case delivered
    case softBounce = "soft_bounce"
    case hardBounce = "hard_bounce"
    case timeout
    case throttled
    case rejected
    case unregistered

    /// Whether the recipient cannot be reached at this address, whatever the time or the route.
    package var isPermanentFailure: Bool {
        self == .hardBounce || self == .unregistered
    }
}
