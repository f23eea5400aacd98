/// Where the models' history is kept: in MongoDB, or in `models/` beside the artifacts.
protocol ModelHistory: Sendable {
    /// The newest entries, at most `limit`, oldest first.
    func events(limit: Int) throws -> [ModelEvent]

    /// The newest changes of the alias, at most `limit`, oldest first.
    func changes(of alias: ModelAlias, limit: Int) throws -> [ModelEvent]

    /// Appends durably; `false` where an entry of that id is there already, and is not this one.
    func append(_ event: ModelEvent) throws -> Bool
}
