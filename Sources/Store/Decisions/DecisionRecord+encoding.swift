internal import Scoring

extension DecisionRecord {
    /// Writes the document of the collection `decisions`; docs/README.md describes its fields.
    ///
    /// The action set goes by columns, not by rows, which takes half the bytes; the view `decisions_named` shows rows.
    package func write(to writer: inout DocumentWriter) throws(RecordDefect) {
        writer.begin()
        writer.string("_id", decision.id.text)
        writer.string("job_id", job.jobID)
        writer.string("notification_id", job.notificationID)
        writer.date("decided_at", decision.decidedAt.milliseconds)
        writer.string("source", source.rawValue)
        writer.string("channel", job.channel.rawValue)
        writer.string("provider", decision.provider)
        writer.string("recipient_country", job.recipientCountry.description)
        writer.string("template_type", job.templateType.rawValue)
        if let recipientHash { writer.string("recipient_hash", recipientHash) }
        writer.string("action", decision.kind.rawValue)
        writer.string("priority", decision.priority.rawValue)
        writer.string("reason", decision.reason.rawValue)
        if !decision.probability.isNaN { writer.double("probability", Double(decision.probability)) }
        writer.int64("delay_ms", decision.delayMilliseconds)
        writer.double("propensity", decision.propensity)
        writer.string("model", decision.model)
        writer.string("policy", decision.policy)
        if decision.parameters != decision.model { writer.string("parameters", decision.parameters) }
        try writeActions(to: &writer)
        if let conditions = decision.conditions { conditions.write(to: &writer) }
        if let schemaFingerprint { writer.string("schema", schemaFingerprint) }
        writeFeatures(to: &writer)
        writeJob(to: &writer)
        writer.end()
    }

    private func writeActions(to writer: inout DocumentWriter) throws(RecordDefect) {
        if let chosen = decision.chosen {
            guard decision.actions.indices.contains(chosen) else {
                throw RecordDefect("the chosen action \(chosen) is none of the \(decision.actions.count) considered")
            }
            writer.int32("chosen", Int32(chosen))
        }
        let set = writer.openDocument("actions")
        var column = writer.openArray("delay_ms")
        for (index, scored) in decision.actions.enumerated() {
            guard let delay = Int32(exactly: scored.action.delayMilliseconds) else {
                throw RecordDefect("action \(index) waits \(scored.action.delayMilliseconds) ms, more than 24 days")
            }
            writer.element(index, int32: delay)
        }
        writer.close(at: column)
        column = writer.openArray("provider")
        for (index, scored) in decision.actions.enumerated() {
            guard job.providers.indices.contains(scored.action.providerIndex) else {
                throw RecordDefect("action \(index) goes through provider \(scored.action.providerIndex) of \(job.providers.count)")
            }
            writer.element(index, int32: Int32(scored.action.providerIndex))
        }
        writer.close(at: column)
        column = writer.openArray("probability")
        for (index, scored) in decision.actions.enumerated() { writer.element(index, float: scored.probability) }
        writer.close(at: column)
        column = writer.openArray("utility")
        for (index, scored) in decision.actions.enumerated() { writer.element(index, double: scored.utility) }
        writer.close(at: column)
        // Where nothing was left to chance, the chosen action has all of it.
        let isCertain = decision.actions.indices.allSatisfy { index in
            decision.actions[index].propensity == (index == decision.chosen ? decision.propensity : 0)
        }
        if !isCertain {
            column = writer.openArray("propensity")
            for (index, scored) in decision.actions.enumerated() { writer.element(index, double: scored.propensity) }
            writer.close(at: column)
        }
        writer.close(at: set)
    }

    private func writeFeatures(to writer: inout DocumentWriter) {
        let row = writer.openArray("features")
        for (index, feature) in decision.features.enumerated() { writer.element(index, float: feature) }
        writer.close(at: row)
    }

    private func writeJob(to writer: inout DocumentWriter) {
        let start = writer.openDocument("job")
        writer.string("provider", job.provider)
        let providers = writer.openArray("providers")
        for (index, provider) in job.providers.enumerated() { writer.element(index, string: provider) }
        writer.close(at: providers)
        writer.int64("payload_size", Int64(job.payloadSize))
        writer.date("created_at", job.createdAt.milliseconds)
        writer.date("send_time", job.sendTime.milliseconds)
        if let expiresAt = job.expiresAt { writer.date("expires_at", expiresAt.milliseconds) }
        writer.int64("previous_attempts", Int64(job.previousAttempts))
        writer.string("last_status", job.lastStatus.rawValue)
        if let responseCode = job.responseCode { writer.int64("response_code", Int64(responseCode)) }
        if let latency = job.latencyMilliseconds { writer.double("latency_ms", latency) }
        if let lastAttemptAt = job.lastAttemptAt { writer.date("last_attempt_at", lastAttemptAt.milliseconds) }
        writer.close(at: start)
    }
}

extension DocumentWriter {
    /// A single-precision number as the double that equals it; null for NaN, which means *missing* and poisons no average.
    fileprivate mutating func element(_ index: Int, float value: Float) {
        if value.isNaN {
            elementNull(index)
        } else {
            element(index, double: Double(value))
        }
    }
}
