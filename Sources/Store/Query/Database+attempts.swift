package import Scoring

/// What a model chose and promised, newest first, as monitoring reads it.
extension Database {
    /// Documents that the server sends at once.
    private static let attemptBatch = 1000
    /// Milliseconds that the server may spend on the whole of one walk.
    private static let attemptWalkLimit = 20_000

    /// The attempts that `model` chose from one time to another (sources `stream` and `api`), newest first.
    ///
    /// - Parameter limit: at most so many.
    package func attemptCursor(
        _ range: ClosedRange<Timestamp>, model: String, limit: Int
    ) throws(StoreError) -> RecordCursor<ScoredAttempt> {
        let doing = "reading the attempts of model \(model)"
        let options = """
            {"sort": {"decided_at": -1}, "limit": \(limit), "batchSize": \(Self.attemptBatch), "maxTimeMS": \(Self.attemptWalkLimit),
             "projection": {"job_id": 1, "notification_id": 1, "decided_at": 1, "channel": 1, "provider": 1, "recipient_country": 1,
               "template_type": 1, "delay_ms": 1, "probability": 1}}
            """
        var writer = DocumentWriter(capacity: 512)
        writer.begin()
        Self.write(range, model, to: &writer)
        writer.end()
        let cursor = try DocumentCursor(
            self, writer.document, Document(json: options, doing: doing), in: Collection.decisions.rawValue, doing: doing)
        return RecordCursor(cursor) { document throws(StoreError) in try ScoredAttempt(document) }
    }

    /// How many of those attempts there are; counts no further than `limit`.
    package func attemptCount(_ range: ClosedRange<Timestamp>, model: String, limit: Int) throws(StoreError) -> Int {
        let doing = "counting the attempts of model \(model)"
        var writer = DocumentWriter(capacity: 512)
        writer.begin()
        writer.string("count", Collection.decisions.rawValue)
        let query = writer.openDocument("query")
        Self.write(range, model, to: &writer)
        writer.close(at: query)
        writer.int64("limit", Int64(limit))
        writer.int32("maxTimeMS", Int32(Self.queryLimit))
        writer.end()
        return try DocumentFields(read(writer.document, doing: doing), name: "a count").integer("n")
    }

    private static func write(_ range: ClosedRange<Timestamp>, _ model: String, to writer: inout DocumentWriter) {
        let time = writer.openDocument("decided_at")
        writer.date("$gte", range.lowerBound.milliseconds)
        writer.date("$lte", range.upperBound.milliseconds)
        writer.close(at: time)
        writer.string("model", model)
        let source = writer.openDocument("source")
        let sources = writer.openArray("$in")
        writer.element(0, string: DecisionSource.stream.rawValue)
        writer.element(1, string: DecisionSource.api.rawValue)
        writer.close(at: sources)
        writer.close(at: source)
        // Without one, no attempt was chosen by the model: an override decided.
        let probability = writer.openDocument("probability")
        writer.bool("$exists", true)
        writer.close(at: probability)
    }
}
