/// What became of one attempt, as a delivery worker reports it.
///
/// May come late, twice, out of order or before its decision is stored.
package struct Outcome: Equatable, Sendable {
    package var jobID: String
    package var notificationID: String
    package var provider: String
    package var channel: Channel
    package var recipientCountry: CountryCode
    package var templateType: TemplateType
    /// Never `.none`: an outcome exists only after an attempt.
    package var status: DeliveryStatus
    package var responseCode: Int?
    /// Milliseconds from the attempt to its outcome, ≥ 0 and finite.
    package var latencyMilliseconds: Double?
    package var attemptedAt: Timestamp
    package var occurredAt: Timestamp

    package init(
        jobID: String, notificationID: String, provider: String, channel: Channel, recipientCountry: CountryCode,
        templateType: TemplateType, status: DeliveryStatus, responseCode: Int?, latencyMilliseconds: Double?,
        attemptedAt: Timestamp, occurredAt: Timestamp
    ) {
        self.jobID = jobID
        self.notificationID = notificationID
        self.provider = provider
        self.channel = channel
        self.recipientCountry = recipientCountry
        self.templateType = templateType
        self.status = status
        self.responseCode = responseCode
        self.latencyMilliseconds = latencyMilliseconds
        self.attemptedAt = attemptedAt
        self.occurredAt = occurredAt
    }
}
