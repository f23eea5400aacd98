package import Scoring

extension WorldParameters {
    /// How providers answer a failure, unless their dialect says otherwise.
    ///
    /// SMTP: RFC 5321 section 4.2.3, RFC 3463, RFC 6647 (450/451 for greylisting) and the public postmaster pages of large mailbox
    /// providers, where 421 and 550 also mean "too often". HTTP: RFC 9110, RFC 6585 (429) and the public error references of FCM and
    /// APNs (400, 404, 410, 413, 429, 500, 503) and of SMS gateways. 200 with a failure: accepted, then the
    /// delivery receipt told of a failure, or (`timeout`) never came.
    package static func answers(to cause: FailureCause, on channel: Channel) -> [Answer] {
        channel == .email ? mailAnswers(to: cause) : gatewayAnswers(to: cause, on: channel)
    }

    private static func mailAnswers(to cause: FailureCause) -> [Answer] {
        switch cause {
        case .unknownRoute: [Answer(.rejected, 554, 1)]
        case .payloadTooLarge: [Answer(.rejected, 552, 1)]
        case .overCapacity: [Answer(.throttled, 421, 0.9), Answer(.rejected, 550, 0.1)]
        case .outage: [Answer(.timeout, nil, 0.8), Answer(.softBounce, 421, 0.2)]
        case .brownOut: [Answer(.timeout, nil, 0.6), Answer(.softBounce, 421, 0.4)]
        case .regionalTrouble: [Answer(.timeout, nil, 0.75), Answer(.softBounce, 451, 0.25)]
        case .routeFault: [Answer(.softBounce, 421, 0.92), Answer(.timeout, nil, 0.08)]
        case .invalidAddress: [Answer(.hardBounce, 550, 0.88), Answer(.hardBounce, 554, 0.08), Answer(.rejected, 550, 0.04)]
        case .blockedByRecipient: [Answer(.rejected, 554, 0.5), Answer(.rejected, 550, 0.5)]
        case .spamFilter: [Answer(.rejected, 554, 0.85), Answer(.rejected, 550, 0.13), Answer(.softBounce, 451, 0.02)]
        case .hostFault: [Answer(.softBounce, 451, 0.93), Answer(.softBounce, 450, 0.07)]
        case .greylisting: [Answer(.softBounce, 450, 0.93), Answer(.softBounce, 451, 0.07)]
        case .mailboxFull: [Answer(.softBounce, 452, 0.7), Answer(.softBounce, 552, 0.25), Answer(.hardBounce, 552, 0.05)]
        case .frequencyLimit: [Answer(.throttled, 450, 0.6), Answer(.softBounce, 450, 0.1), Answer(.rejected, 550, 0.3)]
        case .carrierFilter, .offline, .accident:
            [Answer(.softBounce, 421, 0.4), Answer(.softBounce, 451, 0.4), Answer(.timeout, nil, 0.2)]
        }
    }

    private static func gatewayAnswers(to cause: FailureCause, on channel: Channel) -> [Answer] {
        let isPush = channel == .push
        return switch cause {
        case .unknownRoute: [Answer(.rejected, 404, 1)]
        case .payloadTooLarge: [Answer(.rejected, isPush ? 413 : 400, 1)]
        case .overCapacity: [Answer(.throttled, 429, 1)]
        case .outage: [Answer(.timeout, nil, 0.65), Answer(.softBounce, 503, 0.35)]
        case .brownOut: [Answer(.softBounce, 503, 0.55), Answer(.timeout, nil, 0.45)]
        case .regionalTrouble: [Answer(.softBounce, 500, 0.25), Answer(.timeout, isPush ? nil : 200, 0.75)]
        case .routeFault: [Answer(.softBounce, 500, 0.94), Answer(.timeout, nil, 0.06)]
        case .invalidAddress where isPush:
            [Answer(.unregistered, 410, 0.7), Answer(.unregistered, 404, 0.25), Answer(.rejected, 400, 0.05)]
        case .invalidAddress: [Answer(.hardBounce, 404, 0.75), Answer(.hardBounce, 400, 0.15), Answer(.rejected, 400, 0.1)]
        case .blockedByRecipient: [Answer(.unregistered, 410, 0.6), Answer(.rejected, 400, 0.4)]
        case .spamFilter: [Answer(.rejected, 400, 1)]
        case .carrierFilter: [Answer(.rejected, 200, 0.85), Answer(.timeout, 200, 0.15)]
        case .hostFault where isPush: [Answer(.softBounce, 503, 0.93), Answer(.timeout, 200, 0.07)]
        case .hostFault: [Answer(.softBounce, 200, 0.93), Answer(.timeout, 200, 0.07)]
        case .frequencyLimit: [Answer(.throttled, 429, 0.75), Answer(.rejected, 400, 0.25)]
        case .offline: [Answer(.timeout, 200, 1)]
        case .greylisting, .mailboxFull, .accident: [Answer(.softBounce, 500, 0.7), Answer(.timeout, nil, 0.3)]
        }
    }
}
