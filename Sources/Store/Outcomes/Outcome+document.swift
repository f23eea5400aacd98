package import Scoring

extension Outcome {
    /// Writes the document of the collection `outcomes`; docs/README.md describes its fields.
    ///
    /// `_id` is the document `{job_id, status, occurred_at}`: the same outcome reported twice collapses into one, while two that differ
    /// in how or when the attempt ended (a timeout, then the late delivery) both stay. Compound and not hashed: it cannot collide.
    package func write(to writer: inout DocumentWriter) throws(RecordDefect) {
        writer.begin()
        let id = writer.openDocument("_id")
        writer.string("job_id", jobID)
        writer.string("status", status.rawValue)
        writer.date("occurred_at", occurredAt.milliseconds)
        writer.close(at: id)
        writer.string("job_id", jobID)
        writer.string("notification_id", notificationID)
        writer.date("occurred_at", occurredAt.milliseconds)
        writer.date("attempted_at", attemptedAt.milliseconds)
        writer.string("status", status.rawValue)
        writer.string("channel", channel.rawValue)
        writer.string("provider", provider)
        writer.string("recipient_country", recipientCountry.description)
        writer.string("template_type", templateType.rawValue)
        if let responseCode { writer.int64("response_code", Int64(responseCode)) }
        if let latencyMilliseconds { writer.double("latency_ms", latencyMilliseconds) }
        writer.end()
    }

    /// The outcome as it was written.
    package init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "outcome of job \(document["job_id"]?.string ?? "without an id")")
        try self.init(
            jobID: fields.text("job_id"),
            notificationID: fields.text("notification_id"),
            provider: fields.text("provider"),
            channel: fields.word("channel"),
            recipientCountry: fields.country("recipient_country"),
            templateType: fields.word("template_type"),
            status: fields.word("status"),
            responseCode: fields.optionalInteger("response_code"),
            latencyMilliseconds: fields.optionalDouble("latency_ms"),
            attemptedAt: fields.time("attempted_at"),
            occurredAt: fields.time("occurred_at"))
    }
}
