/// What one outcome says of the route itself, whoever the recipient was.
///
/// A relay that tells in protocol that a mailbox does not exist works; one that does not answer, or answers that it is down, does not.
/// What may be the fault of either says nothing: a code of the class `transient` comes from greylisting hosts as well (RFC 6647), and a
/// timeout *with* a code of acceptance is a receipt that never came from a phone that is switched off. Throttling says that the route is
/// alive and busy: that is for `RoutePrice`.
package enum RouteSign: Equatable, Sendable {
    case works
    case fails
    case silent

    package init(status: DeliveryStatus, responseCode: Int?, channel: Channel) {
        let answer = responseCode.map { ResponseClass(code: $0, channel: channel) }
        self =
            switch status {
            case .delivered, .hardBounce, .unregistered: .works
            case .none, .throttled: .silent
            case .timeout: answer == nil || answer == .route ? .fails : .silent
            // A soft failure without a code: what mailers report when the relay broke off.
            case .softBounce: answer == nil || answer == .route ? .fails : .silent
            case .rejected:
                switch answer {
                case .route: .fails
                case .permanent: .works
                case .accepted, .transient, .unknown, nil: .silent
                }
            }
    }
}
