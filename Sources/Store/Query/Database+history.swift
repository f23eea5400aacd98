package import Scoring

/// The log from one time to another, as training, export and replay walk it.
extension Database {
    /// Documents that the server sends at once.
    private static let batchSize = 1000

    /// The decisions of jobs (source `stream` and `api`) whose time is in `range`, in the order of their times.
    ///
    /// Decisions of the same time come in the order in which they were stored, the same in every walk.
    ///
    /// - Parameters:
    ///   - model: of this version alone; `nil` = of any.
    ///   - withRows: whether feature row and action set are read too; without them the records say that they have none.
    package func decisionCursor(
        _ range: ClosedRange<Timestamp>, model: String? = nil, withRows: Bool
    ) throws(StoreError) -> RecordCursor<DecisionRecord> {
        var writer = DocumentWriter()
        writer.begin()
        write(range, of: "decided_at", to: &writer)
        let source = writer.openDocument("source")
        let sources = writer.openArray("$in")
        writer.element(0, string: DecisionSource.stream.rawValue)
        writer.element(1, string: DecisionSource.api.rawValue)
        writer.close(at: sources)
        writer.close(at: source)
        if let model { writer.string("model", model) }
        writer.end()
        let doing = "reading the decisions"
        let projection = withRows ? "" : ", \"projection\": {\"features\": 0, \"actions\": 0, \"chosen\": 0}"
        let cursor = try DocumentCursor(
            self, writer.document, options(sortedBy: "decided_at", projection, doing), in: Collection.decisions.rawValue, doing: doing)
        return RecordCursor(cursor) { document throws(StoreError) in try DecisionRecord(document, withRows: withRows) }
    }

    /// The outcomes whose time is in `range`, in the order of their times.
    package func outcomeCursor(_ range: ClosedRange<Timestamp>) throws(StoreError) -> RecordCursor<Outcome> {
        var writer = DocumentWriter()
        writer.begin()
        write(range, of: "occurred_at", to: &writer)
        writer.end()
        let doing = "reading the outcomes"
        let cursor = try DocumentCursor(
            self, writer.document, options(sortedBy: "occurred_at", "", doing), in: Collection.outcomes.rawValue, doing: doing)
        return RecordCursor(cursor) { document throws(StoreError) in try Outcome(document) }
    }

    /// Everything that became of these jobs, in the order in which it happened.
    ///
    /// - Parameter jobIDs: at most some thousands, so that the query stays far below the limit for a document.
    package func outcomes(jobIDs: [String]) throws(StoreError) -> [Outcome] {
        var writer = DocumentWriter()
        writer.begin()
        let condition = writer.openDocument("job_id")
        let list = writer.openArray("$in")
        for (index, id) in jobIDs.enumerated() { writer.element(index, string: id) }
        writer.close(at: list)
        writer.close(at: condition)
        writer.end()
        let doing = "finding the outcomes of \(jobIDs.count) jobs"
        let options = try Document(json: "{\"readConcern\": {\"level\": \"majority\"}}", doing: doing)
        let found = try find(writer.document, options, in: Collection.outcomes.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try Outcome(document) }.sorted { $0.occurredAt < $1.occurredAt }
    }

    /// Time of the first and of the last decision; `nil` without any.
    package func decisionTimes() throws(StoreError) -> ClosedRange<Timestamp>? {
        guard let first = try edge("decided_at", of: .decisions, ascending: true),
            let last = try edge("decided_at", of: .decisions, ascending: false)
        else { return nil }
        return first...max(first, last)
    }

    /// Time of the last outcome; `nil` without any.
    package func lastOutcomeTime() throws(StoreError) -> Timestamp? {
        try edge("occurred_at", of: .outcomes, ascending: false)
    }

    private func edge(_ key: String, of collection: Collection, ascending: Bool) throws(StoreError) -> Timestamp? {
        let doing = "finding the \(ascending ? "first" : "last") of the \(collection.rawValue)"
        let options = """
            {"sort": {"\(key)": \(ascending ? 1 : -1)}, "limit": 1, "projection": {"\(key)": 1}, "readConcern": {"level": "majority"}}
            """
        let found = try find(
            Document(json: "{}", doing: doing), Document(json: options, doing: doing), in: collection.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try DocumentFields(document, name: collection.rawValue).time(key) }
    }

    private func options(sortedBy key: String, _ more: String, _ doing: String) throws(StoreError) -> Document {
        // What a failover may take back again is not read.
        let json = "{\"sort\": {\"\(key)\": 1}, \"batchSize\": \(Self.batchSize), \"readConcern\": {\"level\": \"majority\"}\(more)}"
        return try Document(json: json, doing: doing)
    }

    private func write(_ range: ClosedRange<Timestamp>, of key: StaticString, to writer: inout DocumentWriter) {
        let condition = writer.openDocument(key)
        writer.date("$gte", range.lowerBound.milliseconds)
        writer.date("$lte", range.upperBound.milliseconds)
        writer.close(at: condition)
    }
}
