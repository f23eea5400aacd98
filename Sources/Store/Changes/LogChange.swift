package import Scoring

/// A document that was inserted into one of the collections that a `ChangeFeed` follows.
package struct LogChange: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        case decision(DecisionNotice)
        case outcome(Outcome)
        case model(ModelEvent)
    }

    package var subject: Subject
    /// Where it stands among all changes: resumes a feed behind it, and sorts like them as text.
    package var position: String
}

/// The part of a stored decision that people follow: nothing of the recipient, features and action set left out.
package struct DecisionNotice: Equatable, Sendable {
    package var id: String
    package var jobID: String
    package var notificationID: String
    package var decidedAt: Timestamp
    package var source: String
    package var channel: String
    package var provider: String
    package var country: String
    package var templateType: String
    package var action: String
    package var priority: String
    package var reason: String
    /// `nil` where no model was asked.
    package var probability: Double?
    package var delayMilliseconds: Int
    package var model: String
    package var policy: String

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "decision \(document["_id"]?.string ?? "without an id")")
        id = try fields.text("_id")
        jobID = try fields.text("job_id")
        notificationID = try fields.text("notification_id")
        decidedAt = try fields.time("decided_at")
        source = try fields.text("source")
        channel = try fields.text("channel")
        provider = try fields.text("provider")
        country = try fields.text("recipient_country")
        templateType = try fields.text("template_type")
        action = try fields.text("action")
        priority = try fields.text("priority")
        reason = try fields.text("reason")
        probability = try fields.optionalDouble("probability")
        delayMilliseconds = try fields.integer("delay_ms")
        model = try fields.text("model")
        policy = try fields.text("policy")
    }

    /// What is asked for of a decision.
    static let fields = [
        "_id", "job_id", "notification_id", "decided_at", "source", "channel", "provider", "recipient_country", "template_type", "action",
        "priority", "reason", "probability", "delay_ms", "model", "policy",
    ]
}
