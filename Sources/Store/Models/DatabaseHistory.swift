internal import Scoring

/// The history in the collection `model_events`.
struct DatabaseHistory: ModelHistory {
    let database: Database

    func events(limit: Int) throws(StoreError) -> [ModelEvent] {
        try database.modelEvents(filter: "{}", newestBy: "at", limit: limit).reversed()
    }

    func changes(of alias: ModelAlias, limit: Int) throws(StoreError) -> [ModelEvent] {
        try database.modelEvents(filter: "{\"alias\": \"\(alias.rawValue)\"}", newestBy: "number", limit: limit).reversed()
    }

    func append(_ event: ModelEvent) throws(StoreError) -> Bool {
        let report = try database.insert([event], into: .modelEvents) { event, writer throws(RecordDefect) in event.write(to: &writer) }
        if let rejection = report.rejected.first {
            throw StoreError(
                code: .failed, doing: "appending to the models' history", message: "\(rejection.code): \(rejection.message)")
        }
        guard !report.duplicates.isEmpty else { return true }
        // The same id: somebody else's, or one's own from a try whose answer was lost.
        return try database.modelEvent(id: event.id)?.token == event.token
    }
}

extension Database {
    /// The newest entry about the alias: what it stands for.
    package func newestChange(of alias: ModelAlias) throws(StoreError) -> ModelEvent? {
        try modelEvents(filter: "{\"alias\": \"\(alias.rawValue)\"}", newestBy: "number", limit: 1).first
    }

    /// The newest entries of the models' history, newest first.
    package func modelEvents(limit: Int = 100) throws(StoreError) -> [ModelEvent] {
        try modelEvents(filter: "{}", newestBy: "at", limit: limit)
    }

    fileprivate func modelEvents(filter: String, newestBy key: String, limit: Int) throws(StoreError) -> [ModelEvent] {
        let doing = "reading the models' history"
        // One that a failover takes back again must not make a scorer switch.
        let options = """
            {"sort": {"\(key)": -1, "_id": -1}, "limit": \(limit), "maxTimeMS": \(Self.queryLimit), "readConcern": {"level": "majority"}}
            """
        let found = try find(
            Document(json: filter, doing: doing), Document(json: options, doing: doing), in: Collection.modelEvents.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try ModelEvent(document) }
    }

    fileprivate func modelEvent(id: String) throws(StoreError) -> ModelEvent? {
        let doing = "reading the models' history"
        let found = try find(Self.filter("_id", id), limits(doing), in: Collection.modelEvents.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try ModelEvent(document) }
    }
}
