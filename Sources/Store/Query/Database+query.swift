package import Scoring

extension Database {
    /// Milliseconds that the server may spend on one query: below the socket timeout, so that it stops before the caller gives up.
    static let queryLimit = 8000

    /// Decisions made at or after `since`, by what came out; combinations that did not occur are left out.
    package func counts(since: Timestamp) throws(StoreError) -> [DecisionCount] {
        let doing = "counting decisions"
        let pipeline = """
            {"pipeline": [{"$match": {"decided_at": {"$gte": {"$date": {"$numberLong": "\(since.milliseconds)"}}}}},
              {"$group": {"_id": {"action": "$action", "priority": "$priority", "reason": "$reason"}, "count": {"$sum": 1}}},
              {"$sort": {"_id": 1}}]}
            """
        let groups = try aggregate(
            Document(json: pipeline, doing: doing), limits(doing), in: Collection.decisions.rawValue, doing: doing)
        var counts: [DecisionCount] = []
        for group in groups {
            let fields = DocumentFields(group, name: "a group of decisions")
            let key = try fields.fields("_id")
            counts.append(
                try DecisionCount(
                    kind: key.word("action"), priority: key.word("priority"), reason: key.word("reason"), count: fields.integer("count")))
        }
        return counts
    }

    /// The decision of that id.
    package func decision(id: DecisionID) throws(StoreError) -> DecisionRecord? {
        let doing = "finding decision \(id)"
        let found = try find(
            Self.filter("_id", id.text), limits(doing), in: Collection.decisions.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try DecisionRecord(document) }
    }

    /// The decisions on a notification, oldest first, at most `limit`.
    package func decisions(notificationID: String, limit: Int = 100) throws(StoreError) -> [DecisionRecord] {
        let doing = "finding the decisions on a notification"
        let options = try Document(
            json: "{\"sort\": {\"decided_at\": 1}, \"limit\": \(limit), \"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
        let found = try find(
            Self.filter("notification_id", notificationID), options, in: Collection.decisions.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try DecisionRecord(document) }
    }

    /// The outcomes of a job, oldest first, at most `limit`.
    package func outcomes(jobID: String, limit: Int = 100) throws(StoreError) -> [Outcome] {
        let doing = "finding the outcomes of a job"
        let options = try Document(
            json: "{\"sort\": {\"occurred_at\": 1}, \"limit\": \(limit), \"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
        let found = try find(Self.filter("job_id", jobID), options, in: Collection.outcomes.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try Outcome(document) }
    }

    /// How many different ones of these decisions are stored.
    package func countStored(_ ids: some Sequence<DecisionID>) throws(StoreError) -> Int {
        try countDistinct(Set(ids.lazy.map(\.text)), key: "_id")
    }

    /// How many of these jobs have at least one decision.
    package func countDecided(jobIDs: some Sequence<String>) throws(StoreError) -> Int {
        try countDistinct(Set(jobIDs), key: "job_id")
    }

    /// How many documents a collection holds, by its metadata: fast, and inexact for a while after a crash of the server.
    package func estimatedCount(of collection: Collection) throws(StoreError) -> Int {
        let doing = "counting \(collection.rawValue)"
        let reply = try read(Document(json: "{\"count\": \"\(collection.rawValue)\"}", doing: doing), doing: doing)
        return try DocumentFields(reply, name: "a count").integer("n")
    }

    /// Counts the values of `key` that occur, a thousand at a time, so that no query comes near the limit for a document.
    private func countDistinct(_ values: Set<String>, key: StaticString) throws(StoreError) -> Int {
        let doing = "counting \(values.count) ids"
        var count = 0
        var rest = Array(values)[...]
        var writer = DocumentWriter()
        while !rest.isEmpty {
            writer.begin()
            writer.string("distinct", Collection.decisions.rawValue)
            writer.string("key", "\(key)")
            let query = writer.openDocument("query")
            let condition = writer.openDocument(key)
            let list = writer.openArray("$in")
            for (index, value) in rest.prefix(1000).enumerated() { writer.element(index, string: value) }
            writer.close(at: list)
            writer.close(at: condition)
            writer.close(at: query)
            writer.int32("maxTimeMS", Int32(Self.queryLimit))
            writer.end()
            guard let found = try read(writer.document, doing: doing)["values"]?.document else {
                throw StoreError(code: .unreadable, doing: doing, message: "the server's answer has no values")
            }
            count += found.values.count
            rest = rest.dropFirst(1000)
        }
        return count
    }

    func limits(_ doing: String) throws(StoreError) -> Document {
        try Document(json: "{\"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
    }

    static func filter(_ key: StaticString, _ value: String) -> Document {
        var writer = DocumentWriter(capacity: 256)
        writer.begin()
        writer.string(key, value)
        writer.end()
        return writer.document
    }
}
