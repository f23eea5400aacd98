package import Scoring

extension WorldParameters {
    /// How providers answer a failure, unless their dialect says otherwise.
    ///
    /// SMTP: RFC 5321 section 4.2.3, RFC 3463, RFC 6647 (450/451 for greylisting) and the public postmaster pages of large mailbox
    /// providers, where 421 and 550 also mean "too often". HTTP: RFC 9110, RFC 6585 (429) and the public error references of FCM and
    /// APNs (400, 404, 410, 413, 429, 500, 503) and of SMS gateways. 200 with `timeout`: accepted, but no receipt came.
    package static func answers(to cause: FailureCause, on channel: Channel) -> [Answer] {
        channel == .email ? mailAnswers(to: cause) : gatewayAnswers(to: cause, on: channel)
    }

    private static func mailAnswers(to cause: FailureCause) -> [Answer] {
        switch cause {
        case .unknownRoute: [Answer(.rejected, 554, 1)]
        case .payloadTooLarge: [Answer(.rejected, 552, 1)]
        case .overCapacity: [Answer(.throttled, 421, 0.6), Answer(.throttled, 450, 0.3), Answer(.rejected, 550, 0.1)]
        case .outage: [Answer(.timeout, nil, 0.65), Answer(.softBounce, 421, 0.35)]
        case .brownOut: [Answer(.timeout, nil, 0.4), Answer(.softBounce, 451, 0.35), Answer(.softBounce, 421, 0.25)]
        case .regionalTrouble: [Answer(.softBounce, 451, 0.5), Answer(.timeout, nil, 0.3), Answer(.softBounce, 450, 0.2)]
        case .invalidAddress: [Answer(.hardBounce, 550, 0.8), Answer(.hardBounce, 554, 0.12), Answer(.rejected, 550, 0.08)]
        case .blockedByRecipient: [Answer(.rejected, 554, 0.6), Answer(.rejected, 550, 0.4)]
        case .spamFilter: [Answer(.rejected, 554, 0.5), Answer(.rejected, 550, 0.35), Answer(.softBounce, 451, 0.15)]
        case .greylisting: [Answer(.softBounce, 450, 0.55), Answer(.softBounce, 451, 0.45)]
        case .mailboxFull: [Answer(.softBounce, 452, 0.55), Answer(.softBounce, 552, 0.35), Answer(.hardBounce, 552, 0.1)]
        case .frequencyLimit: [Answer(.throttled, 421, 0.3), Answer(.softBounce, 450, 0.35), Answer(.rejected, 550, 0.35)]
        case .routeFault: [Answer(.softBounce, 421, 0.4), Answer(.softBounce, 451, 0.3), Answer(.timeout, nil, 0.3)]
        case .hostFault: [Answer(.softBounce, 451, 0.4), Answer(.softBounce, 450, 0.3), Answer(.softBounce, 421, 0.3)]
        case .carrierFilter, .offline, .accident:
            [Answer(.softBounce, 451, 0.5), Answer(.timeout, nil, 0.3), Answer(.softBounce, 450, 0.2)]
        }
    }

    private static func gatewayAnswers(to cause: FailureCause, on channel: Channel) -> [Answer] {
        switch cause {
        case .unknownRoute: [Answer(.rejected, 404, 1)]
        case .payloadTooLarge: [Answer(.rejected, channel == .push ? 413 : 400, 1)]
        case .overCapacity: [Answer(.throttled, 429, 1)]
        case .outage: [Answer(.timeout, nil, 0.5), Answer(.softBounce, 503, 0.35), Answer(.softBounce, 500, 0.15)]
        case .brownOut: [Answer(.softBounce, 503, 0.45), Answer(.softBounce, 500, 0.2), Answer(.timeout, nil, 0.35)]
        case .regionalTrouble: [Answer(.softBounce, 500, 0.4), Answer(.timeout, 200, 0.4), Answer(.rejected, 400, 0.2)]
        case .invalidAddress where channel == .push:
            [Answer(.unregistered, 410, 0.6), Answer(.unregistered, 404, 0.3), Answer(.rejected, 400, 0.1)]
        case .invalidAddress: [Answer(.hardBounce, 404, 0.6), Answer(.hardBounce, 400, 0.2), Answer(.rejected, 400, 0.2)]
        case .blockedByRecipient where channel == .push: [Answer(.unregistered, 410, 0.6), Answer(.rejected, 400, 0.4)]
        case .blockedByRecipient: [Answer(.rejected, 400, 0.7), Answer(.unregistered, 410, 0.3)]
        case .spamFilter: [Answer(.rejected, 400, 1)]
        case .carrierFilter: [Answer(.rejected, 400, 0.65), Answer(.timeout, 200, 0.35)]
        case .frequencyLimit: [Answer(.throttled, 429, 0.65), Answer(.rejected, 400, 0.35)]
        case .routeFault: [Answer(.softBounce, 500, 0.4), Answer(.softBounce, 503, 0.3), Answer(.timeout, nil, 0.3)]
        case .hostFault: [Answer(.softBounce, 503, 0.5), Answer(.timeout, 200, 0.5)]
        case .offline: [Answer(.timeout, 200, 1)]
        case .greylisting, .mailboxFull, .accident: [Answer(.softBounce, 500, 0.5), Answer(.timeout, nil, 0.5)]
        }
    }
}
