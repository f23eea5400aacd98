/// Writes jobs and outcomes as the messages of the design: one JSON object without spaces, fields in the order of the schema.
///
/// `JobDecoder` reads back exactly what was written. What is absent is left out.
package enum JobEncoder {
    /// The job as a message.
    package static func json(_ job: Job) -> [UInt8] {
        var object = JSONWriter()
        object.openObject()
        object.write("job_id", job.jobID)
        object.write("notification_id", job.notificationID)
        object.write("channel", job.channel.rawValue)
        object.write("provider", job.provider)
        if job.providers != [job.provider] { object.write("providers", job.providers) }
        object.write("recipient", job.recipient)
        object.write("recipient_country", job.recipientCountry.description)
        object.write("template_type", job.templateType.rawValue)
        object.write("payload_size", job.payloadSize)
        object.write("created_at", job.createdAt)
        object.write("send_time", job.sendTime)
        object.write("expires_at", job.expiresAt)
        object.write("previous_attempts", job.previousAttempts)
        object.write("last_status", job.lastStatus.rawValue)
        object.write("response_code", job.responseCode)
        object.write("latency_ms", job.latencyMilliseconds)
        object.write("last_attempt_at", job.lastAttemptAt)
        object.closeObject()
        return object.bytes
    }

    /// The outcome as a message.
    package static func json(_ outcome: Outcome) -> [UInt8] {
        var object = JSONWriter()
        object.openObject()
        object.write("job_id", outcome.jobID)
        object.write("notification_id", outcome.notificationID)
        object.write("provider", outcome.provider)
        object.write("channel", outcome.channel.rawValue)
        object.write("recipient_country", outcome.recipientCountry.description)
        object.write("template_type", outcome.templateType.rawValue)
        object.write("status", outcome.status.rawValue)
        object.write("response_code", outcome.responseCode)
        object.write("latency_ms", outcome.latencyMilliseconds)
        object.write("attempted_at", outcome.attemptedAt)
        object.write("occurred_at", outcome.occurredAt)
        object.closeObject()
        return object.bytes
    }
}
