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
    package var previousAttempts = 0
    /// The last attempt; `nil` before the first.
    package var last: Last?

    /// What the last attempt taught.
    package struct Last: Sendable {
        /// Index into the world's providers; `nil` = one that the world does not know.
        package var provider: Int?
        package var attemptedAt: Timestamp
        /// When its outcome was known.
        package var knownAt: Timestamp

        package init(provider: Int?, attemptedAt: Timestamp, knownAt: Timestamp) {
            self.provider = provider
            self.attemptedAt = attemptedAt
            self.knownAt = knownAt
        }
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
