/// The ranges of a message's fields that the schema leaves open.
///
/// Wide enough for anything a producer means, narrow enough that a mistake of units or an overflow is noticed.
package enum JobLimits {
    /// Largest message in bytes.
    package static let messageBytes = 1 << 20
    /// Longest recipient in bytes: push tokens are the longest addresses.
    package static let recipientBytes = 4096
    /// Payload in bytes, up to 1 GiB.
    package static let payloadSize = 0...1 << 30
    package static let previousAttempts = 0...10_000
    /// SMTP and HTTP have three digits; SMS gateways up to five.
    package static let responseCode = 0...99_999
    /// Milliseconds, up to 30 days: a bounce may come that late.
    package static let latencyMilliseconds = 0.0...2_592_000_000
}
