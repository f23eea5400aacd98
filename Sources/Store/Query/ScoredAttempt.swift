package import Scoring

/// An attempt that a model chose, with what it promised: as much of a decision as judging the model takes.
package struct ScoredAttempt: Equatable, Sendable {
    package var jobID: String
    package var notificationID: String
    package var decidedAt: Timestamp
    package var channel: Channel
    package var provider: String
    package var recipientCountry: CountryCode
    package var templateType: TemplateType
    /// From the decision to the attempt.
    package var delayMilliseconds: Int64
    /// P(success) that was promised, in [0, 1].
    package var probability: Float

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "decision \(document["_id"]?.string ?? "without an id")")
        jobID = try fields.text("job_id")
        notificationID = try fields.text("notification_id")
        decidedAt = try fields.time("decided_at")
        channel = try fields.word("channel")
        provider = try fields.text("provider")
        recipientCountry = try fields.country("recipient_country")
        templateType = try fields.word("template_type")
        delayMilliseconds = Int64(try fields.integer("delay_ms"))
        probability = Float(try fields.double("probability"))
    }
}
