/// One pending delivery attempt, decoded and checked.
///
/// The message's own bytes travel beside it, unchanged.
package struct Job: Equatable, Sendable {
    /// Lengths of an id or of a provider's name, in bytes of UTF-8: AMQP and the log bound bytes, not characters.
    package static let identifierLengths = 1...128
    /// Most routes a job may name.
    package static let maximumProviderCount = 16

    /// 1–128 bytes, unique per attempt; becomes the AMQP `message_id` downstream.
    package var jobID: String
    /// 1–128 bytes, stable over all attempts of one notification.
    package var notificationID: String
    package var channel: Channel
    /// The route the caller would use.
    package var provider: String
    /// The routes the policy may choose among, without duplicates; never empty: the caller's own where the message names none.
    package var providers: [String]
    /// The address; leaves this process only as a keyed hash.
    package var recipient: String?
    package var recipientCountry: CountryCode
    package var templateType: TemplateType
    /// Payload size in bytes, ≥ 0.
    package var payloadSize: Int
    package var createdAt: Timestamp
    /// When this attempt is due.
    package var sendTime: Timestamp
    /// After it delivery is worthless.
    package var expiresAt: Timestamp?
    /// Attempts made before this one, ≥ 0.
    package var previousAttempts: Int
    package var lastStatus: DeliveryStatus
    /// The provider's code of the last attempt: SMTP (email) or HTTP.
    package var responseCode: Int?
    /// Latency of the last attempt in milliseconds, ≥ 0 and finite.
    package var latencyMilliseconds: Double?
    package var lastAttemptAt: Timestamp?

    package init(
        jobID: String, notificationID: String, channel: Channel, provider: String, providers: [String] = [], recipient: String? = nil,
        recipientCountry: CountryCode, templateType: TemplateType, payloadSize: Int, createdAt: Timestamp, sendTime: Timestamp,
        expiresAt: Timestamp? = nil, previousAttempts: Int = 0, lastStatus: DeliveryStatus = .none, responseCode: Int? = nil,
        latencyMilliseconds: Double? = nil, lastAttemptAt: Timestamp? = nil
    ) {
        self.jobID = jobID
        self.notificationID = notificationID
        self.channel = channel
        self.provider = provider
        self.providers = providers.isEmpty ? [provider] : providers
        self.recipient = recipient
        self.recipientCountry = recipientCountry
        self.templateType = templateType
        self.payloadSize = payloadSize
        self.createdAt = createdAt
        self.sendTime = sendTime
        self.expiresAt = expiresAt
        self.previousAttempts = previousAttempts
        self.lastStatus = lastStatus
        self.responseCode = responseCode
        self.latencyMilliseconds = latencyMilliseconds
        self.lastAttemptAt = lastAttemptAt
    }
}
