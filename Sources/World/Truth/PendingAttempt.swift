package import Scoring

/// What the world needs of a job, as numbers: no text is looked at again after this.
package struct PendingAttempt: Sendable {
    /// Names the notification in draws.
    package var notification: UInt64
    /// Names the recipient in draws.
    package var recipient: UInt64
    package var channel: Channel
    package var template: TemplateType
    /// Index into the world's countries.
    package var country: Int
    /// Bytes.
    package var payloadSize: Int
    package var createdAt: Timestamp
    /// `nil` = never.
    package var expiresAt: Timestamp?
    package private(set) var previousAttempts = 0
    /// The last attempt; `nil` before the first.
    package private(set) var last: Last?
    /// When the first attempt was made.
    package private(set) var firstAttemptAt: Timestamp?
    /// Truth that earlier attempts have met: for the oracle alone.
    package private(set) var findings = Findings()

    /// When and through whom the last attempt was made.
    package struct Last: Sendable {
        /// Index into the world's providers; `nil` = one that the world does not know.
        package var provider: Int?
        package var attemptedAt: Timestamp
    }

    package init(
        notification: UInt64, recipient: UInt64, channel: Channel, template: TemplateType, country: Int, payloadSize: Int,
        createdAt: Timestamp, expiresAt: Timestamp?
    ) {
        self.notification = notification
        self.recipient = recipient
        self.channel = channel
        self.template = template
        self.country = country
        self.payloadSize = payloadSize
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// The same notification after a failed attempt.
    mutating func record(_ cause: FailureCause?, through provider: Int, at time: Timestamp, latencyMilliseconds: Int64) {
        previousAttempts += 1
        firstAttemptAt = firstAttemptAt ?? time
        last = Last(provider: provider, attemptedAt: time)
        findings.add(cause, through: provider, at: time, knownAt: time + latencyMilliseconds)
    }

    /// The same notification after `attempts` attempts of which only the last is known; the first is taken to have been made at once.
    mutating func resume(after attempts: Int, last: Last?) {
        previousAttempts = attempts
        firstAttemptAt = attempts > 0 ? createdAt : nil
        self.last = last
    }

    /// Names the recipient on this attempt's channel: a person's address and device are not one thing.
    var address: UInt64 {
        recipient &+ channel.ordinal
    }

    /// Names the notification on one route.
    func passage(through provider: Int) -> UInt64 {
        notification &+ UInt64(provider) &+ 1
    }
}

extension Channel {
    /// 1, 2, 3: for draws.
    var ordinal: UInt64 {
        switch self {
        case .email: 1
        case .sms: 2
        case .push: 3
        }
    }
}
