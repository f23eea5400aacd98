internal import Scoring

extension DecisionRecord {
    /// The record as it was written, except for the recipient and for the payload of NaNs, which are all read as the standard NaN.
    ///
    /// - Parameter withRows: `false` where the document was read without feature row and action set, and the record has none.
    package init(_ document: Document, withRows: Bool = true) throws(StoreError) {
        let fields = DocumentFields(document, name: "decision \(document["_id"]?.string ?? "without an id")")
        let job = try Job(fields)
        let decision = try Decision(fields, providers: job.providers, withRows: withRows)
        try self.init(
            job: job,
            decision: decision,
            schemaFingerprint: fields.optionalText("schema"),
            recipientHash: fields.optionalText("recipient_hash"),
            source: fields.word("source"))
    }
}

extension Job {
    fileprivate init(_ decision: DocumentFields) throws(StoreError) {
        let fields = try decision.fields("job")
        try self.init(
            jobID: decision.text("job_id"),
            notificationID: decision.text("notification_id"),
            channel: decision.word("channel"),
            provider: fields.text("provider"),
            providers: fields.array("providers") { $0.string },
            recipientCountry: decision.country("recipient_country"),
            templateType: decision.word("template_type"),
            payloadSize: fields.integer("payload_size"),
            createdAt: fields.time("created_at"),
            sendTime: fields.time("send_time"),
            expiresAt: fields.optionalTime("expires_at"),
            previousAttempts: fields.integer("previous_attempts"),
            lastStatus: fields.word("last_status"),
            responseCode: fields.optionalInteger("response_code"),
            latencyMilliseconds: fields.optionalDouble("latency_ms"),
            lastAttemptAt: fields.optionalTime("last_attempt_at"))
    }
}

extension Decision {
    fileprivate init(_ fields: DocumentFields, providers: [String], withRows: Bool) throws(StoreError) {
        let chosen = try fields.optionalInteger("chosen")
        let propensity = try fields.double("propensity")
        let actions = withRows ? try Self.actions(fields, providerCount: providers.count, chosen: chosen, propensity: propensity) : []
        let conditions = try fields.optionalFields("conditions")
        if let chosen, !actions.indices.contains(chosen) { throw fields.defect("chosen") }
        try self.init(
            id: fields.require("_id", DecisionID(fields.text("_id"))),
            kind: fields.word("action"),
            probability: fields.optionalDouble("probability").map { Float($0) } ?? .nan,
            priority: fields.word("priority"),
            delayMilliseconds: Int64(fields.integer("delay_ms")),
            provider: fields.text("provider"),
            model: fields.text("model"),
            policy: fields.text("policy"),
            parameters: fields.optionalText("parameters"),
            reason: fields.word("reason"),
            actions: actions,
            chosen: chosen,
            propensity: propensity,
            features: withRows ? fields.floats("features") : [],
            decidedAt: fields.time("decided_at"),
            conditions: conditions.map { fields throws(StoreError) in try DecisionConditions(fields, providerCount: providers.count) })
    }

    private static func actions(
        _ fields: DocumentFields, providerCount: Int, chosen: Int?, propensity: Double
    ) throws(StoreError) -> [ScoredAction] {
        let set = try fields.fields("actions")
        let delays = try set.array("delay_ms") { $0.integer }
        let providers = try set.array("provider") { $0.integer.flatMap { Int(exactly: $0) } }
        let probabilities = try set.floats("probability")
        let utilities = try set.array("utility") { value -> Double? in
            if case .double(let utility) = value { utility } else { nil }
        }
        let propensities = try set.optionalArray("propensity") { value -> Double? in
            if case .double(let propensity) = value { propensity } else { nil }
        }
        guard delays.count == providers.count, delays.count == probabilities.count, delays.count == utilities.count,
            propensities.map({ $0.count == delays.count }) ?? true,
            providers.allSatisfy({ (0..<providerCount).contains($0) })
        else { throw fields.defect("actions") }
        return delays.indices.map { index in
            ScoredAction(
                action: CandidateAction(delayMilliseconds: delays[index], providerIndex: providers[index]),
                probability: probabilities[index],
                utility: utilities[index],
                propensity: propensities?[index] ?? (index == chosen ? propensity : 0))
        }
    }
}
