/// What a provider's response code says about the next attempt.
///
/// A first taxonomy, a feature only: codes such as 550 are used for unknown mailboxes and for rate limits alike, so no code overrides
/// the model. Sources: RFC 5321 section 4.2 and RFC 7504 (SMTP), RFC 9110, RFC 6585 (HTTP), the error references of FCM (404, 410
/// `UNREGISTERED`) and APNs (410 `Unregistered`).
package enum ResponseClass: String, CaseIterable, Sendable {
    /// The provider took the message.
    case accepted
    /// Likely to pass by itself: busy, greylisted, throttled.
    case transient
    /// The route failed, not the recipient: provider down, its credentials or configuration refused.
    case route
    /// The code alone does not tell.
    case unknown
    /// This address, or this message, fails again by any route.
    case permanent

    /// The class of `code` as an attempt through `channel` returned it: SMTP for email, HTTP otherwise.
    ///
    /// Email providers with an HTTP interface report 400–419 and 429, which SMTP does not define; these are read as HTTP.
    package init(code: Int, channel: Channel) {
        self =
            if channel == .email, !(400...419).contains(code), code != 429 {
                Self.smtp(code)
            } else {
                Self.http(code)
            }
    }

    private static func smtp(_ code: Int) -> ResponseClass {
        switch code {
        case 200...299: .accepted
        // 421 service not available, 432/454 authentication or TLS unavailable: the relay's trouble.
        case 421, 432, 454: .route
        case 420...499: .transient
        // 500–504 and 555 syntax or command not known, 530/534/535/538 authentication: the relay and we disagree.
        case 500...504, 530, 534, 535, 538, 555: .route
        // Mailbox full: RFC 5321 section 4.5.3.1.10 asks to treat 552 as temporary.
        case 552: .transient
        // 521/556 host takes no mail, 551 user not local, 553 mailbox name not allowed.
        case 521, 551, 553, 556: .permanent
        default: .unknown
        }
    }

    private static func http(_ code: Int) -> ResponseClass {
        switch code {
        case 200...299: .accepted
        case 408, 425, 429: .transient
        case 401, 402, 403, 407, 500...599: .route
        case 404, 410, 413: .permanent
        default: .unknown
        }
    }
}
